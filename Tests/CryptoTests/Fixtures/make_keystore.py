"""Writes keystore.json with libraries that share no code with the package.

Needs argon2-cffi and pycryptodome. The key is pair A of etm-wire-vectors.json.
"""
import json
import os

from argon2.low_level import Type, hash_secret_raw
from Crypto.Cipher import ChaCha20_Poly1305

HERE = os.path.dirname(os.path.abspath(__file__))
PASSWORD = "correct horse battery staple".encode()
NAME = b"alice"
PASSES, MEMORY_KIB = 2, 8192
SALT, NONCE = bytes(range(16)), bytes(range(100, 124))

with open(os.path.join(HERE, "etm-wire-vectors.json"), encoding="utf-8") as handle:
    pair = json.load(handle)["keys"]["A"]

key = hash_secret_raw(
    PASSWORD, SALT, time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1, hash_len=32,
    type=Type.ID, version=19)
header = b"ETM/keystore/1\x00" + b"\x01" + len(NAME).to_bytes(4, "big") + NAME
header += bytes.fromhex(pair["publicKey"]) + PASSES.to_bytes(4, "big") + MEMORY_KIB.to_bytes(4, "big")
header += SALT + NONCE
text = pair["secret"].encode() + b"\x80"
text += bytes(-len(text) % 128)
cipher = ChaCha20_Poly1305.new(key=key, nonce=NONCE)
cipher.update(header)
sealed, tag = cipher.encrypt_and_digest(text)

fields = {
    "format": "entanmo-key", "version": 1, "name": NAME.decode(), "address": pair["address"],
    "publicKey": pair["publicKey"], "kdf": "argon2id", "passes": PASSES, "memoryKiB": MEMORY_KIB,
    "salt": SALT.hex(), "cipher": "xchacha20-poly1305", "nonce": NONCE.hex(), "box": (sealed + tag).hex(),
}
with open(os.path.join(HERE, "keystore.json"), "w", encoding="utf-8") as handle:
    handle.write(json.dumps(fields, indent=2) + "\n")
