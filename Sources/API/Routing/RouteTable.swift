internal import JSON
internal import Transport

/// Every route, in the order in which they are shown.
enum RouteTable {
    static let routes: [Route] =
        general + chains(at: "/v1/chains/:chain") + chains(at: "/v1") + stakes + chance + assets + dapps
        + devnet

    private static let general: [Route] = [
        Route(.get, "/healthz", "Whether the process is alive") { $0.answer("ok") },
        Route(
            .get, "/readyz", "Whether the node is ready to be used; 503 with reasons if not",
            NodeResource.ready),
        Route(.get, "/v1/status", "The node, its chains and where all value is", NodeResource.status)
            .on(.reading),
        Route(.get, "/v1/conservation", "Where all ETM is, to the base unit", NodeResource.conservation)
            .on(.reading),
        Route(.get, "/v1/openapi.json", "This interface as OpenAPI 3.1", OpenAPI.answer),
        Route(.get, "/v1/chains", "The chains that the node runs", ChainResource.list),
        Route(.get, "/v1/chains/:chain", "One chain with its parameters", ChainResource.show).on(.reading),
        Route(.post, "/v1/chains/:chain/start", "Starts a side chain on this node", ChainResource.start)
            .on(.control),
        Route(.post, "/v1/chains/:chain/stop", "Stops a side chain on this node", ChainResource.stop)
            .on(.control),
        Route(
            .get, "/v1/stream", "Events as they happen, one JSON object a line or a WebSocket frame",
            StreamResource.open
        ).query(
            ("chain", "a chain's name or id, or * for all; main unless said otherwise"),
            ("from", "the cursor of the last event that was seen, or 0 for all that are kept"),
            ("kinds", "some of block,transaction,event,chain")),
    ]

    /// What can be asked of every chain; without a name it is the main chain.
    private static func chains(at base: String) -> [Route] {
        [
            Route(.get, "\(base)/blocks", "Final blocks, newest first", BlockResource.list)
                .query(("before", "only blocks below this height"), ("limit", "at most this many, 1 to 100"))
                .on(.reading),
            Route(
                .get, "\(base)/blocks/:block", "One final block, by height, id or \"latest\"",
                BlockResource.show
            ).on(.reading),
            Route(
                .get, "\(base)/transactions", "Recent transactions of an account, newest first",
                TransactionResource.list
            ).query(("sender", "the account's address"), ("limit", "at most this many, 1 to 100"))
                .on(.reading),
            Route(
                .get, "\(base)/transactions/:id", "A transaction and its receipt", TransactionResource.show
            ).on(.reading),
            Route(
                .get, "\(base)/transactions/:id/trace", "What a transaction changed",
                TransactionResource.trace
            ).on(.reading),
            Route(.post, "\(base)/transactions", "Takes a signed transaction", TransactionResource.submit)
                .body("transaction"),
            Route(
                .post, "\(base)/transactions/historical",
                "Takes a version 0 transaction as the JSON of the historical interface",
                HistoricalResource.submit
            ).body(HistoricalDocument.members + ["transaction"]).on(.reading),
            Route(
                .post, "\(base)/simulate", "What a transaction would do now; its signature is not checked",
                TransactionResource.simulate
            ).body("transaction").on(.reading),
            Route(
                .get, "\(base)/accounts/:address", "An account's balances, and whose signatures it asks for",
                AccountResource.show),
            Route(.get, "\(base)/proof/:key", "Proves a record, or its absence", AccountResource.prove),
        ]
    }

    /// The main chain's economy; refused with NO_ELECTIONS where members are fixed.
    private static let stakes: [Route] = [
        Route(
            .get, "/v1/stakes/:address", "What an account has locked, its weight and its vote",
            StakeResource.show
        ).on(.reading),
        Route(
            .get, "/v1/stakes/:address/preview", "What an account would weigh with one more lock",
            StakeResource.preview
        ).query(
            ("amount", "base units of the lock"), ("after", "milliseconds from now at which it is weighed")
        ).on(.reading),
        Route(
            .get, "/v1/stakes/:address/rewards", "What an account earned in a round, part by part",
            StakeResource.rewards
        ).query(("round", "a settled round; the last one unless said otherwise")).on(.reading),
        Route(.get, "/v1/miners", "Every miner, by number", MinerResource.list)
            .query(
                ("after", "what \"next\" said"), ("limit", "at most this many, 1 to 1000")
            ).on(.reading),
        Route(.get, "/v1/miners/:miner", "One miner, by key or name", MinerResource.show).on(.reading),
        Route(
            .get, "/v1/rounds/:round", "A round's members, draw and settlement, by number or \"current\"",
            RoundResource.show
        ).on(.reading),
    ]

    private static let chance: [Route] = [
        Route(
            .get, "/v1/random/towers/:round",
            "A round's time tower with its checkpoints, by number or \"latest\"", TowerResource.show
        ).on(.reading)
    ]

    /// What accounts of the main chain made, keep and wait for.
    private static let assets: [Route] = [
        Route(.get, "/v1/issuers", "Issuers of assets, by name", AssetResource.issuers)
            .query(("after", "what \"next\" said"), ("limit", "at most this many, 1 to 200")).on(.reading),
        Route(.get, "/v1/issuers/:issuer", "One issuer, by name or account", AssetResource.issuer),
        Route(.get, "/v1/assets", "Assets that issuers made, by name", AssetResource.list)
            .query(
                ("issuer", "only this issuer's"), ("after", "what \"next\" said"),
                ("limit", "at most this many, 1 to 200")
            ).on(.reading),
        Route(.get, "/v1/assets/:currency", "One asset", AssetResource.show),
        Route(
            .get, "/v1/assets/:currency/access/:list", "The accounts on an asset's blacklist or whitelist",
            AssetResource.access
        ).query(("after", "what \"next\" said"), ("limit", "at most this many, 1 to 1000")).on(.reading),
        Route(
            .get, "/v1/accounts/:address/assets", "What an account holds of issuers' assets",
            AssetResource.holdings
        ).query(("after", "what \"next\" said"), ("limit", "at most this many, 1 to 200")).on(.reading),
        Route(
            .get, "/v1/delayed", "Transfers that wait for their time, those due first", DelayedResource.list
        )
        .query(
            ("account", "only those from or to this address"), ("after", "what \"next\" said"),
            ("limit", "at most this many, 1 to 1000")
        ).on(.reading),
        Route(.get, "/v1/storage/:id", "A stored content, by its transaction", DelayedResource.stored)
            .on(.reading),
    ]

    private static let dapps: [Route] = [
        Route(.get, "/v1/chains/:chain/dapp", "A DApp's contracts, models and routes", DAppResource.show),
        Route(.get, "/v1/chains/:chain/query/*", "Runs a read-only route of a DApp", DAppResource.query),
        Route(.get, "/v1/chains/:chain/state/:model", "The rows of a DApp's model", DAppResource.state)
            .query(("limit", "at most this many, 1 to 1000"), ("after", "what \"next\" said"))
            .on(.reading),
        Route(.get, "/v1/chains/:chain/logs", "What contracts logged on this node", DAppResource.logs)
            .query(
                ("after", "the last entry's cursor; without it the newest entries come"),
                ("limit", "at most this many, 1 to 1000")),
        Route(
            .get, "/v1/chains/:chain/deposits/:id", "How far a deposit is, by its main-chain transaction",
            TransferResource.deposit
        ).on(.reading),
        Route(
            .get, "/v1/chains/:chain/withdrawals/:id",
            "How far a withdrawal is, by its side-chain transaction", TransferResource.withdrawal
        ).on(.reading),
    ]

    private static let devnet: [Route] = [
        Route(.get, "/v1/devnet", "The development network", DevnetResource.show),
        Route(.post, "/v1/devnet/mine", "Makes blocks by hand", DevnetResource.mine).body("count"),
        Route(.post, "/v1/devnet/faucet", "Sends test ETM", DevnetResource.faucet).body("address", "amount"),
        Route(.post, "/v1/devnet/time", "Moves the clock forward", DevnetResource.moveTime).body("add"),
        Route(.post, "/v1/devnet/stop", "Stops the network", DevnetResource.stop),
    ]
}
