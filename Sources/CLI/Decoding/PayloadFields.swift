internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Sidechains
internal import Staking

/// The fields of each kind's payload; amounts are base units as decimal strings, bytes are hexadecimal.
enum PayloadFields {
    static func name(of kind: TransactionKind) -> String {
        switch kind {
        case .transfer: "transfer"
        case .secondSignature: "secondSignature"
        case .registerMiner: "registerMiner"
        case .vote: "vote"
        case .multisignature: "multisignature"
        case .registerDApp: "registerDApp"
        case .deposit: "deposit"
        case .claim: "claim"
        case .withdraw: "withdraw"
        case .lockAccount: "lockAccount"
        case .lock: "lock"
        case .unlock: "unlock"
        case .resignMiner: "resignMiner"
        case .withdrawVote: "withdrawVote"
        case .newAnchor: "newAnchor"
        case .evidence: "evidence"
        case .call: "call"
        default: AssetPayloadFields.name(of: kind) ?? "unknown"
        }
    }

    /// Null when the kind is unknown or the payload does not fit it.
    static func json(_ kind: TransactionKind, _ payload: [UInt8]) -> JSONValue {
        switch kind {
        case .transfer: read(payload, transfer)
        case .deposit, .claim, .withdraw, .registerDApp: sidechain(kind, payload)
        case .call: read(payload, call)
        case .secondSignature: read(payload) { (key: PublicKey) in ["key": .string(key.hex)] }
        case .multisignature:
            read(payload) { (group: AccountPolicy.Group) in
                [
                    "least": JSONValue(UInt64(group.least)),
                    "keys": .array(group.keys.map { .string($0.hex) }),
                ]
            }
        case .lockAccount: read(payload) { (until: Height) in ["until": .string(until.description)] }
        default: staking(kind, payload)
        }
    }

    private static func read<Payload: Canonical>(
        _ bytes: [UInt8], _ shape: (Payload) -> JSONValue
    ) -> JSONValue {
        (try? Payload(decoding: bytes)).map(shape) ?? .null
    }

    private static func transfer(_ payload: TransferPayload) -> JSONValue {
        [
            "recipient": .string(payload.recipient.description),
            "asset": JSONValue(UInt64(payload.asset.number)), "amount": .string(payload.amount.description),
            "message": .string(payload.message),
        ]
    }

    private static func call(_ payload: CallPayload) -> JSONValue {
        [
            "contract": .string(payload.contract), "method": .string(payload.method),
            "arguments": .string(String(decoding: payload.arguments, as: UTF8.self)),
            "gasLimit": .string(String(payload.gasLimit)),
        ]
    }

    private static func sidechain(_ kind: TransactionKind, _ payload: [UInt8]) -> JSONValue {
        switch kind {
        case .deposit:
            read(payload) { (deposit: DepositPayload) in
                [
                    "chain": .string(deposit.chain.hex), "recipient": .string(deposit.recipient.description),
                    "amount": .string(deposit.amount.description),
                ]
            }
        case .claim: read(payload, claim)
        case .withdraw:
            read(payload) { (withdrawal: WithdrawPayload) in
                [
                    "recipient": .string(withdrawal.recipient.description),
                    "amount": .string(withdrawal.amount.description),
                ]
            }
        default: read(payload, registration)
        }
    }

    private static func claim(_ claim: ClaimPayload) -> JSONValue {
        let message = claim.proof.message
        return [
            "chain": .string(claim.chain.hex), "sequence": .string(String(message.sequence)),
            "recipient": .string(message.recipient.description),
            "amount": .string(message.amount.description), "source": .string(message.source.hex),
            "headers": .array(claim.proof.headers.map { .string($0.id.hex) }),
        ]
    }

    private static func registration(_ registration: Registration) -> JSONValue {
        [
            "name": .string(registration.name), "description": .string(registration.description),
            "category": JSONValue(UInt64(registration.category)), "tags": .string(registration.tags),
            "token": registration.token.map { token in
                [
                    "symbol": .string(token.symbol), "decimals": JSONValue(UInt64(token.decimals)),
                    "supply": .string(token.supply.description),
                    "holder": .string(token.holder.description),
                ]
            } ?? .null,
            "fees": .string(Hex.encode(registration.fees.encoded)),
            "limits": .string(Hex.encode(registration.limits.encoded)),
            "consensus": .string(Hex.encode(registration.consensus.encoded)),
            "validators": .array(registration.validators.keys.map { .string($0.hex) }),
            "bundleHash": .string(SideChainRecord.hash(ofBundle: registration.bundle).hex),
            "bundleBytes": JSONValue(registration.bundle.count),
        ]
    }

    private static func staking(_ kind: TransactionKind, _ payload: [UInt8]) -> JSONValue {
        switch kind {
        case .lock: read(payload) { (lock: LockPayload) in ["amount": .string(lock.amount.description)] }
        case .unlock: read(payload) { (unlock: UnlockPayload) in ["lock": .string(unlock.lock.hex)] }
        case .vote, .resignMiner:
            read(payload) { (miner: MinerPayload) in ["miner": .string(miner.miner.hex)] }
        case .withdrawVote: read(payload, withdrawVote)
        case .registerMiner: read(payload, registerMiner)
        case .newAnchor:
            read(payload) { (new: NewAnchorPayload) in
                ["miner": .string(new.miner.hex), "anchor": .string(new.anchor.hex)]
            }
        case .evidence:
            read(payload) { (proof: EvidencePayload) in ["evidence": .string(Hex.encode(proof.evidence))] }
        default: AssetPayloadFields.json(kind, payload)
        }
    }

    private static func withdrawVote(_ payload: WithdrawVotePayload) -> JSONValue {
        payload.miner.map { ["miner": .string($0.hex)] } ?? [:]
    }

    private static func registerMiner(_ payload: RegisterMinerPayload) -> JSONValue {
        [
            "miner": .string(payload.miner.hex), "name": .string(payload.name),
            "anchor": .string(payload.anchor.hex), "block": .string(payload.block.hex),
            "nonce": .string(String(payload.nonce)),
        ]
    }
}
