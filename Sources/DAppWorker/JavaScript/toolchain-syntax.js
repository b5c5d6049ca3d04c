'use strict';
// What every pass over a syntax tree needs: node kinds, children, bindings, text edits and findings.

const Syntax = (() => {
  const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
  const loops = new Set(['ForStatement', 'WhileStatement', 'DoWhileStatement', 'ForInStatement', 'ForOfStatement']);

  const isNode = value => value !== null && typeof value === 'object' && typeof value.type === 'string';
  const isFunction = node => functions.has(node.type);
  const isLoop = node => loops.has(node.type);

  /// The nodes directly below a node, found once.
  function children(node) {
    if (node.$children) return node.$children;
    const found = [];
    for (const key in node) {
      if (key === 'type' || key.charCodeAt(0) === 36) continue;
      const value = node[key];
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) found.push(item);
      } else if (isNode(value)) {
        found.push(value);
      }
    }
    // A shorthand property names one node twice.
    if (node.type === 'Property' && node.shorthand) found.splice(0, found.length, node.value);
    node.$children = found;
    return found;
  }

  /// The expression inside any number of parentheses.
  function bare(node) {
    while (node.type === 'ParenthesizedExpression') node = node.expression;
    return node;
  }

  /// Every name that a pattern binds.
  function names(pattern, found = []) {
    switch (pattern.type) {
      case 'Identifier': found.push(pattern); break;
      case 'ObjectPattern': for (const item of pattern.properties) names(item.value ?? item.argument, found); break;
      case 'ArrayPattern': for (const item of pattern.elements) if (item) names(item, found); break;
      case 'RestElement': names(pattern.argument, found); break;
      case 'AssignmentPattern': names(pattern.left, found); break;
    }
    return found;
  }

  /// The deepest nesting of nodes, without recursion.
  function depth(root) {
    let deepest = 0;
    const stack = [[root, 1]];
    while (stack.length) {
      const [node, level] = stack.pop();
      if (level > deepest) deepest = level;
      for (const child of children(node)) stack.push([child, level + 1]);
    }
    return deepest;
  }

  const isNumber = node => node.type === 'Literal' && typeof node.value === 'number';
  const isText = node => node.type === 'Literal' && typeof node.value === 'string';

  return { isFunction, isLoop, children, bare, names, depth, isNumber, isText };
})();

/// Insertions and removals in one source text, applied together.
///
/// At one place, closing texts come first, inner before outer; then opening texts, outer before inner. So a pass adds
/// its opening text before it visits the children and its closing text afterwards.
class Edits {
  constructor(source) {
    this.source = source;
    this.inserted = [];
    this.removed = [];
  }

  open(place, text) { this.inserted.push({ place, rank: 1, order: this.inserted.length, text }); }
  close(place, text) { this.inserted.push({ place, rank: 0, order: this.inserted.length, text }); }
  remove(start, end) { if (end > start) this.removed.push([start, end]); }

  apply() {
    this.inserted.sort((a, b) => a.place - b.place || a.rank - b.rank || a.order - b.order);
    this.removed.sort((a, b) => a[0] - b[0]);
    const parts = [];
    let at = 0, next = 0;
    const copy = to => {
      while (next < this.removed.length && this.removed[next][0] < to) {
        const [start, end] = this.removed[next++];
        if (start > at) parts.push(this.source.slice(at, start));
        if (end > at) at = end;
      }
      if (to > at) { parts.push(this.source.slice(at, to)); at = to; }
    };
    for (const edit of this.inserted) { copy(edit.place); parts.push(edit.text); }
    copy(this.source.length);
    return parts.join('');
  }
}

/// The findings of one check, and the way from offsets to lines.
class Findings {
  constructor() { this.list = []; }

  add(module, offset, code, message, hint = '') {
    const { line, column } = offset < 0 ? { line: 0, column: 0 } : module.position(offset);
    this.list.push({ file: module.path, line, column, code, message, hint });
  }
}

/// One module of a bundle while it is being compiled.
class SourceModule {
  constructor(path, source, index) {
    this.path = path;
    this.source = source;
    this.index = index;
    this.imports = [];      // modules of the bundle, by index
    this.exports = new Map(); // exported name → text of the exported expression
  }

  position(offset) {
    if (!this.lineStarts) {
      this.lineStarts = [0];
      for (let at = this.source.indexOf('\n'); at >= 0; at = this.source.indexOf('\n', at + 1)) this.lineStarts.push(at + 1);
    }
    let low = 0, high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle] <= offset) low = middle; else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.lineStarts[low] + 1 };
  }
}
