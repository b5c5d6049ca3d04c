internal import JSON
internal import Transport

/// Every route, in the order in which they are shown.
enum RouteTable {
    static let routes: [Route] =
        general + chains(at: "/v1/chains/:chain") + chains(at: "/v1") + dapps + devnet

    private static let general: [Route] = [
        Route(.get, "/healthz", "Whether the process is alive") { $0.answer("alive") },
        Route(
            .get, "/readyz", "Whether the node is ready to be used; 503 with reasons if not",
            NodeResource.ready),
        Route(.get, "/v1/status", "The node, its chains and where all value is", NodeResource.status),
        Route(.get, "/v1/conservation", "Where all ETM is, to the base unit", NodeResource.conservation),
        Route(.get, "/v1/openapi.json", "This interface as OpenAPI 3.1", OpenAPI.answer),
        Route(.get, "/v1/chains", "The chains that the node runs", ChainResource.list),
        Route(.get, "/v1/chains/:chain", "One chain with its parameters", ChainResource.show),
        Route(.post, "/v1/chains/:chain/start", "Starts a side chain on this node", ChainResource.start),
        Route(.post, "/v1/chains/:chain/stop", "Stops a side chain on this node", ChainResource.stop),
        Route(
            .get, "/v1/stream", "Events as they happen, one JSON object a line or a WebSocket frame",
            query: [
                .init(name: "chain", meaning: "a chain's name, or * for all"),
                .init(name: "from", meaning: "the cursor of the last event that was seen"),
                .init(name: "kinds", meaning: "block,transaction,event,chain"),
            ], StreamResource.open),
    ]

    private static let page: [Route.QueryItem] = [
        .init(name: "before", meaning: "only blocks below this height"),
        .init(name: "limit", meaning: "at most this many"),
    ]

    /// What can be asked of every chain; without a name it is the main chain.
    private static func chains(at base: String) -> [Route] {
        [
            Route(.get, "\(base)/blocks", "Final blocks, newest first", query: page, BlockResource.list),
            Route(
                .get, "\(base)/blocks/:block", "One final block, by height, id or \"latest\"",
                BlockResource.show),
            Route(
                .get, "\(base)/transactions", "Recent transactions of an account",
                query: [
                    .init(name: "sender", meaning: "the account's address"),
                    .init(name: "limit", meaning: "at most"),
                ], TransactionResource.list),
            Route(
                .get, "\(base)/transactions/:id", "A transaction and its receipt", TransactionResource.show),
            Route(
                .get, "\(base)/transactions/:id/trace", "What a transaction changed",
                TransactionResource.trace),
            Route(
                .post, "\(base)/transactions", "Takes a signed transaction", body: ["transaction"],
                TransactionResource.submit),
            Route(
                .post, "\(base)/simulate", "What a transaction would do now; its signature is not checked",
                body: ["transaction"], TransactionResource.simulate),
            Route(.get, "\(base)/accounts/:address", "An account's balances", AccountResource.show),
            Route(.get, "\(base)/proof/:key", "Proves a record, or its absence", AccountResource.prove),
        ]
    }

    private static let dapps: [Route] = [
        Route(.get, "/v1/chains/:chain/dapp", "A DApp's contracts, models and routes", DAppResource.show),
        Route(.get, "/v1/chains/:chain/query/*", "Runs a read-only route of a DApp", DAppResource.query),
        Route(
            .get, "/v1/chains/:chain/state/:model", "The rows of a DApp's model",
            query: [
                .init(name: "limit", meaning: "at most"), .init(name: "after", meaning: "the last row's key"),
            ],
            DAppResource.state),
        Route(
            .get, "/v1/chains/:chain/logs", "What contracts logged on this node",
            query: [
                .init(name: "after", meaning: "the last entry's cursor"),
                .init(name: "limit", meaning: "at most"),
            ], DAppResource.logs),
        Route(
            .get, "/v1/chains/:chain/deposits/:id", "How far a deposit is, by its main-chain transaction",
            TransferResource.deposit),
        Route(
            .get, "/v1/chains/:chain/withdrawals/:id",
            "How far a withdrawal is, by its side-chain transaction",
            TransferResource.withdrawal),
    ]

    private static let devnet: [Route] = [
        Route(.get, "/v1/devnet", "The development network", DevnetResource.show),
        Route(.post, "/v1/devnet/mine", "Makes blocks by hand", body: ["count"], DevnetResource.mine),
        Route(
            .post, "/v1/devnet/faucet", "Sends test ETM", body: ["address", "amount"], DevnetResource.faucet),
        Route(.post, "/v1/devnet/stop", "Stops the network", DevnetResource.stop),
    ]
}
