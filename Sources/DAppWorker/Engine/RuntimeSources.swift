/// The JavaScript that this program carries, in the order in which it runs.
enum RuntimeSources {
    static let toolchain: [(name: String, source: String)] = [
        ("toolchain-syntax.js", text(PackageResources.toolchain_syntax_js)),
        ("toolchain-rules.js", text(PackageResources.toolchain_rules_js)),
        ("toolchain-modules.js", text(PackageResources.toolchain_modules_js)),
        ("toolchain-cost.js", text(PackageResources.toolchain_cost_js)),
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

    /// Runs last, after the host took its entries.
    static let freeze = (name: "realm-freeze.js", source: text(PackageResources.realm_freeze_js))

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
