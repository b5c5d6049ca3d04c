import Foundation
import Testing

/// The tests of a DApp, run by the real programs.
@Suite struct DAppTestTests {
    @Test(.timeLimit(.minutes(5))) func everyTemplateIsTestedAsItIsCopied() async throws {
        let folder = try Folder()
        let result = try await Script.run(
            """
            set -euo pipefail
            for template in $(ls "$ETM_TEMPLATES"); do
                [ -d "$ETM_TEMPLATES/$template/test" ] || continue
                etm dapp new "my-$template" --template $template
                (cd "my-$template" && etm dapp test --gas --coverage && test -s coverage/lcov.info)
            done
            """, in: folder)
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains(" passed, 0 failed"))
        #expect(result.output.contains("Next  cd my-hello && etm dapp test && etm dapp deploy"))
    }

    @Test(.timeLimit(.minutes(5))) func aSeedRepeatsARunAndAFailureEndsWithEight() async throws {
        let folder = try Folder()
        let result = try await Script.run(
            """
            set -u
            etm dapp new shop && cd shop || exit 11
            sed -i 's/owner: to })/owner: ctx.sender })/' contract/hello.js
            run() { etm dapp test --seed 3 2>&1 | sed 's/ *[0-9]* ms//'; }
            etm dapp test --seed 3 >/dev/null 2>&1
            [ $? = 8 ] || exit 12
            [ "$(run)" = "$(run)" ] || exit 13
            run
            """, in: folder)
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("4 passed, 1 failed"))
    }

    @Test(.timeLimit(.minutes(5))) func watchingRunsAgainWhenAFileChanges() async throws {
        let folder = try Folder()
        // The reader goes after the second run; the third finds out and ends.
        let result = try await Script.run(
            """
            set -u
            etm dapp new shop && cd shop || exit 11
            etm dapp test --watch --filter first 2>/dev/null | {
                runs=0
                while read -r line; do
                    case "$line" in
                    *passed,*)
                        runs=$((runs + 1))
                        echo "run $runs: $line"
                        echo "// again" >> test/hello.test.js
                        [ $runs = 2 ] && exit 0 ;;
                    esac
                done
                exit 12
            }
            """, in: folder)
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("run 2: 1 passed, 0 failed"))
    }
}
