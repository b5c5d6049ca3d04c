/// The JavaScript that this program carries, in the order in which it runs.
enum RuntimeSources {
    static let toolchain: [(name: String, source: String)] = [
        ("toolchain-syntax.js", text(PackageResources.toolchain_syntax_js)),
        ("toolchain-rules.js", text(PackageResources.toolchain_rules_js)),
        ("toolchain-modules.js", text(PackageResources.toolchain_modules_js)),
        ("toolchain-cost.js", text(PackageResources.toolchain_cost_js)),
        ("toolchain-coverage.js", text(PackageResources.toolchain_coverage_js)),
        ("toolchain-meter.js", text(PackageResources.toolchain_meter_js)),
        ("toolchain-operators.js", text(PackageResources.toolchain_operators_js)),
        ("toolchain-compile.js", text(PackageResources.toolchain_compile_js)),
    ]

    static let realm: [(name: String, source: String)] = [
        ("runtime-meter.js", text(PackageResources.runtime_meter_js)),
        ("realm-surface.js", text(PackageResources.realm_surface_js)),
        ("realm-text.js", text(PackageResources.realm_text_js)),
        ("realm-lists.js", text(PackageResources.realm_lists_js)),
        ("runtime-types.js", text(PackageResources.runtime_types_js)),
        ("runtime-compile.js", text(PackageResources.runtime_compile_js)),
        ("runtime-models.js", text(PackageResources.runtime_models_js)),
        ("runtime-random.js", text(PackageResources.runtime_random_js)),
        ("runtime-queries.js", text(PackageResources.runtime_queries_js)),
        ("runtime-library.js", text(PackageResources.runtime_library_js)),
        ("runtime-run.js", text(PackageResources.runtime_run_js)),
    ]

    /// What a realm that measures coverage has besides; no chain's has it.
    static let coverage = (name: "runtime-coverage.js", source: text(PackageResources.runtime_coverage_js))

    /// What the realm of tests has besides: the module etm:test.
    static let tests: [(name: String, source: String)] = [
        ("test-values.js", text(PackageResources.test_values_js)),
        ("test-assert.js", text(PackageResources.test_assert_js)),
        ("test-chain.js", text(PackageResources.test_chain_js)),
        ("test-random.js", text(PackageResources.test_random_js)),
        ("test-walk.js", text(PackageResources.test_walk_js)),
        ("test-run.js", text(PackageResources.test_run_js)),
    ]

    /// Runs last, after the host took its entries.
    static let freeze = (name: "realm-freeze.js", source: text(PackageResources.realm_freeze_js))

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
