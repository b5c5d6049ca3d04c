'use strict';
// The price of straight-line code: known when the contract is compiled, charged when it is entered.

const Cost = (() => {
  const { isFunction, isLoop, children } = Syntax;
  const entry = 10;

  // What a node costs beyond itself; about 10 ns a unit without the JIT.
  const extra = {
    FunctionExpression: 8, ArrowFunctionExpression: 8, FunctionDeclaration: 8, ClassDeclaration: 30, ClassExpression: 30,
    ObjectExpression: 4, ArrayExpression: 4, NewExpression: 6, TemplateLiteral: 4, TaggedTemplateExpression: 10,
    CallExpression: 3, AwaitExpression: 60, YieldExpression: 15, ThrowStatement: 20, TryStatement: 2, ForOfStatement: 6,
    ForInStatement: 20, SpreadElement: 6, RestElement: 6, ArrayPattern: 6,
  };

  /// Price of a node up to the next function, loop body or branch.
  function of(node) {
    if (node.$cost === undefined) node.$cost = compute(node);
    return node.$cost;
  }

  function compute(node) {
    let total = 1 + (extra[node.type] ?? 0);
    if (isFunction(node)) return total;
    const add = child => { if (child) total += of(child); };
    if (isLoop(node)) {
      for (const child of children(node)) if (child !== node.body) add(child);
      return total;
    }
    switch (node.type) {
      case 'IfStatement': case 'ConditionalExpression': add(node.test); return total;
      case 'LogicalExpression': add(node.left); return total;
      case 'AssignmentExpression': {
        add(node.left);
        if (!['||=', '&&=', '??='].includes(node.operator)) add(node.right);
        return total;
      }
      case 'SwitchStatement': add(node.discriminant); return total + node.cases.length;
      case 'TryStatement': add(node.block); add(node.finalizer); return total;
      case 'PropertyDefinition': if (node.computed) add(node.key); return total;
      case 'StaticBlock': return total;
    }
    for (const child of children(node)) add(child);
    return total;
  }

  const sum = list => list.reduce((total, node) => total + of(node), 1);

  return { of, sum, entry };
})();
