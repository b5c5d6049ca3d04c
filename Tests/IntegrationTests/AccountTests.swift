import Foundation
import Testing

/// Accounts of several keys as users of the real program live them.
@Suite(.serialized) struct AccountTests {
    @Test(.timeLimit(.minutes(5))) func severalKeysMoveValueAndOneAloneDoesNot() async throws {
        let folder = try Folder()
        let port = try await Script.freePort(in: folder)
        let script = """
            set -eu
            trap 'etm devnet down >/dev/null 2>&1' EXIT
            etm devnet up --detach --block-time 500ms --port \(port) >/dev/null 2>&1
            etm account multisig create --least 2 --key bob --key carol --yes 2>/dev/null | head -1
            etm account multisig show | head -2 | tail -1
            etm transfer --to dave --amount 5 --yes >/dev/null 2>refused || echo "exit $?"
            cat refused
            etm account balance dave | tail -1
            etm transfer --to dave --amount 5 --cosign carol --yes 2>/dev/null
            etm transfer --to dave --amount 2 --save order.tx --yes >/dev/null 2>&1
            etm tx send order.tx --yes >/dev/null 2>&1 || echo "too early: $?"
            etm tx sign order.tx --from dave --yes 2>&1 | grep -o STRANGE_SIGNATURE
            etm tx sign order.tx --from bob --yes 2>&1 | tail -1
            etm tx decode order.tx | grep -c "verifies *true"
            etm tx send order.tx --yes >/dev/null 2>&1
            etm account balance dave | tail -1
            key=$(etm account show alice --json | sed 's/.*"publicKey":"\\([0-9a-f]*\\)".*/\\1/')
            etm account second-key set --key carol --from bob --yes 2>/dev/null | head -1
            etm transfer --to dave --amount 1 --from bob --yes 2>&1 | grep -o "add --cosign carol"
            etm transfer --to dave --amount 1 --from bob --cosign carol --yes >/dev/null 2>&1
            etm account lock --until-height 100000 --from dave --yes 2>/dev/null | head -1
            etm transfer --to bob --amount 1 --from dave --yes 2>&1 | grep -o ACCOUNT_LOCKED
            etm account balance dave | tail -1
            etm devnet status | tail -1
            """
        let result = try await Script.run(script, in: folder)
        let promises = [
            "2 of 3 keys sign\n", "signs  2 of these 3\n", "exit 7\n", "error[NEEDS_SIGNATURES]",
            "10,000.00000000 ETM\nsent 5.00000000 ETM to dave\nfinal", "too early: 7\nSTRANGE_SIGNATURE\n",
            "Next  etm tx send order.tx\n2\n  10,007.00000000 ETM\n", "second key set\nadd --cosign carol\n",
            "locked up to height 100,000\nACCOUNT_LOCKED\n  10,007.90000000 ETM\n", "value conserved: yes",
        ]
        for promise in promises {
            #expect(result.output.contains(promise), "no \"\(promise)\" in:\n\(result.output)")
        }
    }
}
