'use strict';
// From the files of a bundle to one factory per module.

const compileBundle = (() => {
  const deepest = 512;

  /// acorn is recursive; this one gives up long before the stack does.
  class BoundedParser extends acorn.Parser {
    bounded(work) {
      if ((this.level = (this.level ?? 0) + 1) > 1000) throw new RangeError('nesting');
      try { return work(); } finally { this.level--; }
    }
    parseStatement(...given) { return this.bounded(() => super.parseStatement(...given)); }
    parseMaybeAssign(...given) { return this.bounded(() => super.parseMaybeAssign(...given)); }
    parseMaybeUnary(...given) { return this.bounded(() => super.parseMaybeUnary(...given)); }
    parseExprOp(...given) { return this.bounded(() => super.parseExprOp(...given)); }
  }

  function parse(module, findings) {
    try {
      module.ast = BoundedParser.parse(module.source, { ecmaVersion: 14, sourceType: 'module', preserveParens: true, allowHashBang: false });
    } catch (error) {
      const offset = typeof error.pos === 'number' ? error.pos : -1;
      const message = offset < 0 ? 'The source is nested too deeply.' : String(error.message).replace(/ \(\d+:\d+\)$/, '') + '.';
      findings.add(module, offset, offset < 0 ? 'nesting' : 'syntax', message, offset < 0 ? 'split long expressions' : hintFor(message));
      return false;
    }
    if (Syntax.depth(module.ast) <= deepest) return true;
    findings.add(module, 0, 'nesting', `The source is nested deeper than ${deepest} levels.`, 'split long expressions');
    return false;
  }

  function hintFor(message) {
    if (message.includes("'with'")) return 'name the object each time';
    if (message.includes('Invalid regular expression')) return 'use string methods';
    if (message.includes('strict mode')) return 'modules are always strict';
    return '';
  }

  /// The module without counters and guards, for measurements of what they cost; no chain runs it.
  function plain(module) {
    const edits = new Edits(module.source);
    Modules.rewrite(module, edits);
    for (const node of module.ast.body) if (node.$closeDefault) edits.close(node.declaration.end, ');');
    return `$define(${module.index},${JSON.stringify(module.path)},function(){"use strict";${Modules.opening(module)}\n${edits.apply()}\n;${Modules.closing(module)}});`;
  }

  function generate(module, findings, coverage) {
    const edits = new Edits(module.source);
    Modules.rewrite(module, edits);
    const meter = new Meter(module, edits, coverage);
    meter.findings = findings;
    meter.visitModule(module.ast);
    const gas = meter.charge(Cost.entry + Cost.sum(module.ast.body));
    return `$define(${module.index},${JSON.stringify(module.path)},function(){"use strict";const $k=++$d;if($k>512)$deep();${gas}`
      + `${Modules.opening(module)}\n${edits.apply()}\n;$d=$k-1;${Modules.closing(module)}});`;
  }

  const modes = { plain: 0, metered: 1, covered: 2, tests: 3 };

  /// Checks and compiles modules given as pairs of path and source; `code` is empty when there are findings.
  ///
  /// Chains run metered code only. Covered code counts visits for the same gas; tests are metered to know their places.
  return function compileBundle(pairs, mode) {
    const findings = new Findings();
    const modules = pairs.map(([path, source], index) => new SourceModule(path, source, index));
    for (const module of modules) module.isTest = mode === modes.tests;
    const coverage = mode === modes.covered ? new Coverage() : undefined;
    const byPath = new Map(modules.map(module => [module.path, module]));
    const parsed = modules.filter(module => parse(module, findings));
    for (const module of parsed) Rules.check(module, findings);
    for (const module of parsed) Modules.collectExports(module, byPath, findings);
    if (parsed.length === modules.length) Modules.link(modules, findings);
    const code = findings.list.length === 0 ? modules.map(module => (mode === modes.plain ? plain(module) : generate(module, findings, coverage))) : [];
    findings.list.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column));
    return { findings: findings.list, code: findings.list.length === 0 ? code : [], sites: coverage?.sites ?? [] };
  };
})();
