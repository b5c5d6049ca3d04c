"""Reference values for Tests/Curve25519Tests and Tests/CryptoTests, computed with Python integers only.

Usage: python3 make_curve25519.py curve25519.json ../../CryptoTests/Fixtures/ed25519-rule.json
Nothing here is shared with the Swift sources: affine points, schoolbook formulas, hashlib.
"""
import hashlib
import json
import random
import sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1)
rng = random.Random(25519)


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + t, P - 2, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - t, P - 2, P) % P
    return (x, y)


def times(n, a):
    result = IDENTITY
    while n:
        if n & 1:
            result = add(result, a)
        a = add(a, a)
        n >>= 1
    return result


def negative(a):
    return ((P - a[0]) % P, a[1])


def encode(a):
    return (a[1] | (a[0] & 1) << 255).to_bytes(32, "little")


def roots(y):
    """Both x of the points with this y, or none."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    for candidate in (x, x * ROOT % P):
        if candidate * candidate % P == square:
            return candidate
    return None


def decode(data, strict=True):
    n = int.from_bytes(data, "little")
    y, sign = n & (2**255 - 1), n >> 255
    if strict and y >= P:
        return None
    x = roots(y % P)
    if x is None or (strict and x == 0 and sign):
        return None
    if x & 1 != sign:
        x = (P - x) % P
    return (x, y % P)


BASE = decode(bytes([0x58] + [0x66] * 31))


def digest(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def is_valid(key, signature, message):
    """The rule of the house."""
    s = int.from_bytes(signature[32:], "little")
    a, r = decode(key), decode(signature[:32])
    if s >= L or a is None or r is None or times(8, a) == IDENTITY:
        return False
    k = digest(signature[:32], key, message)
    difference = add(add(times(s, BASE), negative(r)), negative(times(k, a)))
    return times(8, difference) == IDENTITY


def torsion():
    """The eight points of small order, by killing the large part of some point."""
    y = 2
    while True:
        x = roots(y)
        if x is not None:
            t = times(L, (x, y))
            if times(4, t) != IDENTITY:
                return [times(i, t) for i in range(8)]
        y += 1


TORSION = torsion()


def encodings(point):
    """Every 32 bytes that a lax decoder turns into the point."""
    found = []
    for y in (point[1], point[1] + P):
        for sign in (0, 1):
            if y < 2**255 and (point[0] == 0 or point[0] & 1 == sign):
                found.append((y | sign << 255).to_bytes(32, "little"))
    return found


def case(name, key, signature, message):
    return {
        "name": name, "key": key.hex(), "signature": signature.hex(), "message": message.hex(),
        "isValid": is_valid(key, signature, message),
    }


def speccheck():
    """The twelve cases of "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko 2020)."""
    small = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
    mixed = "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43"
    other = "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d"
    large = "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623"
    minus = "ec" + "ff" * 31
    zero = "ed" + "ff" * 30 + "7f"
    a9d5 = "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc"
    bb70 = "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04"
    cases = [
        ("8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6", small, small[:-2] + "7a" + "00" * 32),
        ("9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79", small, mixed + bb70),
        ("aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab", mixed,
         small + "8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e"),
        ("9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79", other,
         "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f"
         "87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009"),
        ("e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c", other,
         "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512"
         "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09"),
        ("e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c", other,
         "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7"
         "e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405"),
        ("85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40", large,
         "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e"
         "547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514"),
        ("85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40", large,
         "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa1942"
         "7e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22"),
        ("9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41", mixed,
         minus + "03be9678ac102edcd92b0210bb34d7428d12ffc5df5f37e359941266a4e35f0f"),
        ("9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41", mixed,
         minus + "ca8c5b64cd208982aa38d4936621a4775aa233aa0505711d8fdcfdaa943d4908"),
        ("e96b7021eb39c1a163b6da4e3093dcd3f21387da4cc4572be588fafae23c155b", minus, a9d5 + bb70),
        ("39a591f5321bbe07fd5a23dc2f39d025d74526615746727ceefd6e82ae65c06f", minus, a9d5 + bb70),
        # An earlier edition of the list had these two, with an unreduced R.
        ("fdaebc429f4a735932a160da1301080c13280eea8bc280d1b392c6b9e6ba3a5a", mixed,
         zero + "454d370c8d9fc323a41450f8d513eafeb5b0697390c1e505a0d4ddc71f566607"),
        ("84b698d39be126ff55fe45079e6c8bf64a0d7db6994560b4e96b7021eb39c1a1", mixed,
         zero + "084d5b99c2a9463d9c8bd5026916996984eeec87ddf1d3be329006ace1b37b09"),
    ]
    return [case(f"speccheck {i}", *[bytes.fromhex(c[j]) for j in (1, 2, 0)]) for i, c in enumerate(cases)]


def small_order_matrix():
    """Each lax encoding of a point of small order as A with each as R, and S = 0: ZIP 215 accepts all."""
    lax = [e for t in TORSION for e in encodings(t)]
    assert len(lax) == 14
    return [case(f"small {i} {j}", a, r + bytes(32), b"Zcash") for i, a in enumerate(lax) for j, r in enumerate(lax)]


def signed(secret, key, nonce_point, nonce, message):
    k = digest(encode(nonce_point), encode(key), message)
    return encode(nonce_point) + ((nonce + k * secret) % L).to_bytes(32, "little")


def mixed_order():
    """Honest equations with a point of small order added to A, to R or to both: all valid with the factor 8."""
    cases = []
    for i in range(8):
        for j in range(8):
            secret, nonce = rng.randrange(1, L), rng.randrange(1, L)
            key = add(times(secret, BASE), TORSION[i])
            point = add(times(nonce, BASE), TORSION[j])
            message = rng.randbytes(32)
            signature = signed(secret, key, point, nonce, message)
            cases.append(case(f"mixed {i} {j}", encode(key), signature, message))
            wrong = bytearray(message)
            wrong[i] ^= 1 << j
            cases.append(case(f"mixed {i} {j} altered", encode(key), signature, bytes(wrong)))
    return cases


def small_point():
    """R of small order, each in each lax encoding, under an honest key: S is k times the secret."""
    cases = []
    for i, t in enumerate(TORSION):
        for j, r in enumerate(encodings(t)):
            secret, message = rng.randrange(1, L), rng.randbytes(32)
            key = encode(times(secret, BASE))
            k = digest(r, key, message)
            cases.append(case(f"small R {i} {j}", key, r + (k * secret % L).to_bytes(32, "little"), message))
    return cases


def scalars():
    """S at and around the order, and congruent to a good S; keys that encode no point."""
    secret, nonce, message = 12345, 678910, bytes(32)
    key, point = times(secret, BASE), times(nonce, BASE)
    good = signed(secret, key, point, nonce, message)
    s = int.from_bytes(good[32:], "little")
    cases = [case("honest", encode(key), good, message)]
    for name, value in [("s + L", s + L), ("s + 2 L", s + 2 * L), ("L", L), ("L - 1", L - 1), ("0", 0),
                        ("2^256 - 1", 2**256 - 1), ("s - 1", s - 1), ("L - s", L - s)]:
        cases.append(case(name, encode(key), good[:32] + value.to_bytes(32, "little"), message))
    for y in range(2, 40):
        data = y.to_bytes(32, "little")
        cases.append(case(f"key {y}", data, good, message))
        cases.append(case(f"point {y}", encode(key), data + good[32:], message))
    for y in range(P, 2**255):
        data = y.to_bytes(32, "little")
        cases.append(case(f"key p + {y - P}", data, good, message))
        cases.append(case(f"point p + {y - P}", encode(key), data + good[32:], message))
    return cases


def field():
    """Products, squares and inverses; operands include the borders of the 51-bit limbs and of p."""
    borders = [0, 1, 19, P - 1, P - 19, 2**51 - 1, 2**102, 2**204, 2**254, 2**255 - 1, P, P + 1,
               sum(2**(51 * i + 50) for i in range(5)), ROOT]
    pairs = [(a, b) for a in borders for b in borders]
    pairs += [(rng.randrange(2**255), rng.randrange(2**255)) for _ in range(60)]
    return [[v.to_bytes(32, "little").hex() for v in (a, b, (a + b) % P, (a - b) % P, a * b % P, a * a % P,
             pow(a, P - 2, P))] for a, b in pairs]


def modulo_order():
    """64-byte numbers modulo L and their products with 128-bit factors; sums and negatives."""
    wide = [0, 1, L - 1, L, L + 1, 2 * L, 2**252, 2**252 - 1, 2**512 - 1, L << 256, (L << 256) - 1, (L << 259) - 1,
            2**316, 2**316 - 1, (2**252 + 1) << 64, ((L - 1) << 64) + 2**64 - 1, L * L]
    wide += [rng.randrange(2**512) for _ in range(100)]
    factors = [1, 2**128 - 1, 2**127, 2**64, 2**64 - 1] + [rng.randrange(1, 2**128) for _ in range(112)]
    rows = []
    for w, f in zip(wide, factors):
        w %= 2**512
        r = w % L
        rows.append([w.to_bytes(64, "little").hex(), f.to_bytes(16, "little").hex()]
                    + [v.to_bytes(32, "little").hex() for v in (r, r * f % L, (r + r * f) % L, -r % L)])
    return rows


def points():
    """Sums, the smaller ones with every point of small order, and whether a point is of small order."""
    some = TORSION + [times(n, BASE) for n in (1, 2, 3, 8, L - 1)] + [
        add(times(rng.randrange(L), BASE), rng.choice(TORSION)) for _ in range(6)]
    return [[encode(a).hex(), encode(b).hex(), encode(add(a, b)).hex(), times(8, a) == IDENTITY]
            for a in some for b in some]


def write(path, value):
    with open(path, "w") as file:
        text = json.dumps(value, separators=(",", ":"))
        file.write(text.replace("],[", "],\n[").replace("},{", "},\n{") + "\n")


write(sys.argv[1], {"field": field(), "scalars": modulo_order(), "points": points()})
write(sys.argv[2], {"cases": speccheck() + small_order_matrix() + mixed_order() + small_point() + scalars()})
