'use strict';
// Inserts gas, depth, size guards and position marks into a contract's source text.
//
// Names that begin with $ belong to the runtime (runtime-meter.js); the rules refuse them in contracts.
//   $gas -= n      at the start of every function, loop body and branch; below zero the call is over
//   $k, $d         call depth: a function sets $d to its own depth and gives it back when it leaves
//   $p             the place that is running, as module index and offset
//   $t             a value for the length of one guard, during which no other code can run
//   $h(n)          counts that site n was reached; only where coverage is measured, and free of gas

class Meter {
  constructor(module, edits, coverage) {
    this.module = module;
    this.edits = edits;
    this.coverage = coverage; // undefined on every chain
    this.kind = 'sync';
    this.base = module.index * 262144;
    this.numeric = module.survey.declared;
  }

  open(place, text) { this.edits.open(place, text); }
  close(place, text) { this.edits.close(place, text); }
  charge(cost) { return `if(($gas-=${cost})<0)$out();`; }
  chargeInline(cost) { return `($gas-=${cost})<0&&$out()`; }
  mark(place) { return `$p=${this.base + place};`; }

  /// The whole module as the body of its factory.
  visitModule(ast) {
    for (const statement of ast.body) this.visit(statement, ast);
  }

  visit(node, parent) {
    const method = 'visit' + node.type;
    this.markStatement(node, parent);
    this.coverStatement(node, parent);
    if (Syntax.isFunction(node)) this.visitFunction(node, parent);
    else if (Syntax.isLoop(node)) this.visitLoop(node);
    else if (typeof this[method] === 'function') this[method](node, parent);
    else this.visitChildren(node);
  }

  visitChildren(node) {
    for (const child of Syntax.children(node)) this.visit(child, node);
  }

  // Marks

  markStatement(node, parent) {
    if (!Meter.marked.has(node.type) || parent.type === 'LabeledStatement' || parent.type === 'ExportDefaultDeclaration') return;
    if (Meter.heads.has(parent.type) && parent.body !== node) return;
    if (node.type === 'ExpressionStatement' || Syntax.isLoop(node) || Meter.canThrow(node)) this.open(node.start, this.mark(node.start));
  }

  coverStatement(node, parent) {
    if (!this.coverage || !Meter.marked.has(node.type) && !Meter.jumps.has(node.type)) return;
    if (parent.type === 'LabeledStatement' || parent.type === 'ExportDefaultDeclaration') return;
    if (Meter.heads.has(parent.type) && parent.body !== node) return;
    this.open(node.start, `$h(${this.coverage.statement(this.module, node.start)});`);
  }

  /// Whether the straight-line part of a node can throw.
  static canThrow(node) {
    if (node.$throws !== undefined) return node.$throws;
    let found = Meter.risky.has(node.type);
    if (!found && !Syntax.isFunction(node)) {
      const bodies = Syntax.isLoop(node) ? [node.body] : node.type === 'IfStatement' ? [node.consequent, node.alternate] : node.type === 'SwitchStatement' ? node.cases : [];
      found = Syntax.children(node).some(child => !bodies.includes(child) && Meter.canThrow(child));
    }
    return node.$throws = found;
  }

  // Functions

  visitFunction(node) {
    for (const parameter of node.params) this.visit(parameter, node);
    const saved = this.kind;
    this.kind = node.generator ? 'generator' : node.async ? 'async' : 'sync';
    if (node.body.type === 'BlockStatement') this.visitBlockBody(node);
    else this.visitExpressionBody(node);
    this.kind = saved;
  }

  visitBlockBody(node) {
    const { body } = node;
    const last = body.body.findLast(statement => statement.directive !== undefined);
    const start = last ? last.end : body.start + 1;
    const rest = node.params.find(parameter => parameter.type === 'RestElement');
    const length = rest?.argument.type === 'Identifier' ? `$rest(${rest.argument.name});` : '';
    const gas = this.charge(Cost.entry + Cost.sum(body.body) + 2 * node.params.length) + length;
    this.open(start, (last ? ';' : '') + this.prologue(gas, Meter.returnsValue(body)));
    for (const statement of body.body) if (statement.directive === undefined) this.visit(statement, body);
    const epilogue = this.epilogue();
    if (start === body.end - 1) this.open(start, epilogue);
    else this.close(body.end - 1, epilogue);
  }

  prologue(gas, returnsValue) {
    switch (this.kind) {
      case 'sync': return `const $k=++$d;if($k>512)$deep();${returnsValue ? 'let $r;' : ''}${gas}`;
      case 'async': return `let $k=++$d;try{if($k>512)$deep();${gas}`;
      default: return gas;
    }
  }

  epilogue() {
    return this.kind === 'sync' ? ';$d=$k-1;' : this.kind === 'async' ? '}finally{$d=$k-1}' : '';
  }

  visitExpressionBody(node) {
    const { body } = node;
    const hit = this.coverage ? `$h(${this.coverage.statement(this.module, body.start)});` : '';
    const gas = this.charge(Cost.entry + Cost.of(body) + 2 * node.params.length) + (Meter.canThrow(body) ? this.mark(body.start) : '') + hit;
    if (this.kind === 'async') {
      this.open(body.start, `{let $k=++$d;try{if($k>512)$deep();${gas}return `);
      this.visit(body, node);
      this.close(body.end, '}finally{$d=$k-1}}');
    } else {
      this.open(body.start, `{const $k=++$d;if($k>512)$deep();${gas}const $r=`);
      this.visit(body, node);
      this.close(body.end, ';$d=$k-1;return $r}');
    }
  }

  static returnsValue(node) {
    if (node.type === 'ReturnStatement') return node.argument !== null;
    return !Syntax.isFunction(node) && Syntax.children(node).some(Meter.returnsValue);
  }

  visitReturnStatement(node) {
    if (this.kind !== 'sync') { this.visitChildren(node); return; }
    if (node.argument) {
      this.open(node.argument.start, '($r=(');
      this.visit(node.argument, node);
      this.close(node.argument.end, '),$d=$k-1,$r)');
    } else {
      this.open(node.start, '{$d=$k-1;');
      this.close(node.end, '}');
    }
  }

  /// A wait hands the caller's depth back and goes on at depth 1, because jobs begin on an empty stack.
  visitAwaitExpression(node) {
    this.edits.remove(node.start, node.start + 5);
    this.open(node.start, '($t=(');
    this.visit(node.argument, node);
    this.close(node.end, `),$d=$k-1,$k=1,$t=await $t,$d=1,$p=${this.base + node.start},$t)`);
  }

  /// An expression that runs outside of a counted body: a default value or a field.
  visitCounted(node, parent) {
    if (Meter.isLight(node)) { this.visit(node, parent); return; }
    this.open(node.start, `(${this.chargeInline(Cost.of(node))},++$d>512?$deep():$x((`);
    this.visit(node, parent);
    this.close(node.end, ')))');
  }

  static isLight(node) {
    const { type } = Syntax.bare(node);
    return type === 'Literal' || type === 'Identifier' || Syntax.isFunction(node);
  }

  visitAssignmentPattern(node) {
    this.visit(node.left, node);
    this.visitCounted(node.right, node);
  }

  visitPropertyDefinition(node) {
    if (node.computed) this.visitKey(node.key, node, '$slot');
    if (node.value) this.visitCounted(node.value, node);
  }

  visitMethodDefinition(node) {
    if (node.computed) this.visitKey(node.key, node, '$slot');
    this.visit(node.value, node);
  }

  visitStaticBlock(node) {
    this.open(node.start + this.module.source.slice(node.start).indexOf('{') + 1, this.charge(Cost.sum(node.body)));
    for (const statement of node.body) this.visit(statement, node);
  }

  visitClassDeclaration(node) { this.visitClass(node); }
  visitClassExpression(node) { this.visitClass(node); }

  visitClass(node) {
    if (node.superClass) {
      this.open(node.superClass.start, '($base(');
      this.visit(node.superClass, node);
      this.close(node.superClass.end, '))');
    }
    this.visit(node.body, node);
  }

  // Branches

  visitLoop(node) {
    for (const child of Syntax.children(node)) {
      if (child === node.body) continue;
      if (node.type === 'ForInStatement' && child === node.right) this.wrap(child, node, '$enum(');
      else this.visit(child, node);
    }
    const cost = 1 + Cost.of(node.body) + (node.test ? Cost.of(node.test) : 0) + (node.update ? Cost.of(node.update) : 0);
    this.visitArm(node.body, node, cost);
  }

  visitIfStatement(node) {
    this.visit(node.test, node);
    const sites = this.coverage?.branch(this.module, node.start, 2);
    this.visitArm(node.consequent, node, Cost.of(node.consequent), sites?.[0]);
    if (node.alternate) this.visitArm(node.alternate, node, Cost.of(node.alternate), sites?.[1]);
    else if (sites) this.close(node.consequent.end, `else{$h(${sites[1]})}`);
  }

  /// A statement that charges when it is entered.
  visitArm(statement, parent, cost, site) {
    const isBlock = statement.type === 'BlockStatement', hit = site === undefined ? '' : `$h(${site});`;
    this.open(statement.start + (isBlock ? 1 : 0), (isBlock ? '' : '{') + this.charge(cost) + hit);
    this.visit(statement, parent);
    if (!isBlock) this.close(statement.end, '}');
  }

  visitConditionalExpression(node) {
    this.visit(node.test, node);
    const sites = this.coverage?.branch(this.module, node.start, 2);
    this.visitBranch(node.consequent, node, sites?.[0]);
    this.visitBranch(node.alternate, node, sites?.[1]);
  }

  visitLogicalExpression(node) {
    const sites = this.coverage?.shortcut(this.module, node.start);
    if (sites) this.open(node.start, `($h(${sites[1]}),`);
    this.visit(node.left, node);
    this.visitBranch(node.right, node, sites?.[0]);
    if (sites) this.close(node.end, ')');
  }

  /// An expression that charges when it is reached.
  visitBranch(node, parent, site) {
    const cost = Cost.of(node);
    if (cost <= 2 && site === undefined) { this.visit(node, parent); return; }
    this.open(node.start, `(${cost <= 2 ? '' : this.chargeInline(cost) + ','}${site === undefined ? '' : `$h(${site}),`}`);
    this.visit(node, parent);
    this.close(node.end, ')');
  }

  visitSwitchStatement(node) {
    this.open(node.discriminant.start, '$switch((');
    this.visit(node.discriminant, node);
    this.close(node.discriminant.end, `),${node.cases.length})`);
    const filled = node.cases.filter(item => item.consequent.length > 0);
    const sites = this.coverage?.branch(this.module, node.start, filled.length);
    for (const item of node.cases) {
      item.$site = sites?.[filled.indexOf(item)];
      this.visit(item, node);
    }
  }

  visitSwitchCase(node) {
    if (node.test) this.visit(node.test, node);
    if (node.consequent.length === 0) return;
    this.open(node.consequent[0].start, this.charge(Cost.sum(node.consequent)) + (node.$site === undefined ? '' : `$h(${node.$site});`));
    for (const statement of node.consequent) this.visit(statement, node);
  }

  visitCatchClause(node) {
    const { param, body } = node;
    const depth = this.kind === 'generator' ? '' : '$d=$k;';
    const gas = this.charge(Cost.sum(body.body));
    if (!param) this.open(body.start, '($e)');
    if (!param || param.type === 'Identifier') {
      this.open(body.start + 1, `${depth}$c(${param ? param.name : '$e'});${gas}`);
    } else {
      this.edits.remove(param.start, param.end);
      this.open(param.start, '$e');
      const pattern = this.module.source.slice(param.start, param.end);
      this.open(body.start + 1, `${depth}$c($e);${gas}let ${pattern}=$e;`);
    }
    for (const statement of body.body) this.visit(statement, body);
  }

  visitTryStatement(node) {
    this.visit(node.block, node);
    if (node.handler) this.visit(node.handler, node);
    if (!node.finalizer) return;
    const { finalizer } = node, empty = finalizer.body.length === 0;
    this.open(finalizer.start + 1, 'const $s=$d,$q=$p;$d=$k;$f();');
    for (const statement of finalizer.body) this.visit(statement, finalizer);
    if (empty) this.open(finalizer.end - 1, ';$d=$s;$p=$q;');
    else this.close(finalizer.end - 1, ';$d=$s;$p=$q;');
  }

  visitExportDefaultDeclaration(node) {
    this.visit(node.declaration, node);
    if (node.$closeDefault) this.close(node.declaration.end, ');');
  }

  visitExportNamedDeclaration(node) { if (node.declaration) this.visit(node.declaration, node); }
  visitExportAllDeclaration() {}
  visitImportDeclaration() {}

  // Small things

  visitCallExpression(node) {
    const { callee } = node;
    const isReject = callee.type === 'Identifier' && this.module.libraryNames?.get(callee.name) === 'reject';
    if (isReject) this.open(node.start, `($p=${this.base + node.start},`);
    this.visitArguments(node);
    if (isReject) this.close(node.end, ')');
  }

  visitNewExpression(node) { this.visitArguments(node); }

  visitArguments(node) {
    this.visit(node.callee, node);
    for (const argument of node.arguments) {
      if (argument.type === 'SpreadElement') this.wrap(argument.argument, argument, '$args(');
      else this.visit(argument, node);
    }
  }

  visitArrayExpression(node) {
    for (const element of node.elements) {
      if (element?.type === 'SpreadElement') this.wrap(element.argument, element, '$spread(');
      else if (element) this.visit(element, node);
    }
  }

  visitObjectExpression(node) {
    for (const item of node.properties) {
      if (item.type === 'SpreadElement') this.wrap(item.argument, item, '$props(');
      else this.visit(item, node);
    }
  }

  visitProperty(node) {
    if (node.computed) this.visitKey(node.key, node, '$slot');
    this.visit(node.value, node);
  }

  visitVariableDeclarator(node) {
    this.visit(node.id, node);
    if (node.init) this.visitSource(node.id, node.init, node);
  }

  /// The value that a pattern takes apart; a rest is charged by its size.
  visitSource(pattern, value, parent) {
    const rest = pattern.type === 'ArrayPattern' ? pattern.elements.some(item => item?.type === 'RestElement')
      : pattern.type === 'ObjectPattern' && pattern.properties.some(item => item.type === 'RestElement');
    if (rest) this.wrap(value, parent, pattern.type === 'ArrayPattern' ? '$spread(' : '$props(');
    else this.visit(value, parent);
  }

  visitMemberExpression(node) {
    this.visit(node.object, node);
    if (node.computed) this.visitKey(node.property, node, node.$target ? '$slot' : '$key');
  }

  visitKey(key, parent, guard) {
    const inner = Syntax.bare(key);
    if (inner.type === 'Literal' || this.isNeverText(inner)) { this.visit(key, parent); return; }
    this.open(key.start, '(typeof($t=(');
    this.visit(key, parent);
    this.close(key.end, `))==='number'?$t:${guard}($t))`);
  }

  wrap(node, parent, opening) {
    this.open(node.start, opening);
    this.visit(node, parent);
    this.close(node.end, ')');
  }
}

Meter.marked = new Set(['ExpressionStatement', 'VariableDeclaration', 'ReturnStatement', 'ThrowStatement', 'IfStatement', 'ForStatement',
  'ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement', 'SwitchStatement', 'LabeledStatement', 'ClassDeclaration']);
Meter.jumps = new Set(['BreakStatement', 'ContinueStatement', 'TryStatement']);
Meter.heads = new Set(['ForStatement', 'ForInStatement', 'ForOfStatement']);
Meter.risky = new Set(['CallExpression', 'NewExpression', 'MemberExpression', 'TaggedTemplateExpression', 'ThrowStatement', 'AwaitExpression',
  'YieldExpression', 'SpreadElement', 'ObjectPattern', 'ArrayPattern', 'ForOfStatement', 'ClassDeclaration', 'ClassExpression', 'ImportExpression']);
