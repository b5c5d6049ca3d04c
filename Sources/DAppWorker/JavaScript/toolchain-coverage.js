'use strict';
// The places whose visits are counted when the tests of a DApp measure coverage.

class Coverage {
  constructor() {
    this.sites = [];
    this.groups = 0;
  }

  add(module, offset, group, arm) {
    return this.sites.push(`${module.index}\t${module.position(offset).line}\t${group}\t${arm}`) - 1;
  }

  /// A statement, or the body of a function that is an expression.
  statement(module, offset) { return this.add(module, offset, -1, 0); }

  /// The sides of one decision.
  branch(module, offset, count) {
    const group = this.groups++;
    return Array.from({ length: count }, (_, arm) => this.add(module, offset, group, arm));
  }

  /// A decision that may end early: its right side, and all visits (arm -1), from which the other side follows.
  shortcut(module, offset) {
    const group = this.groups++;
    return [this.add(module, offset, group, 0), this.add(module, offset, group, -1)];
  }
}
