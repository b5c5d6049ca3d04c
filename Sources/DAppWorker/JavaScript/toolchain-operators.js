'use strict';
// Guards on operators: results that can grow, and operands whose conversion costs more than the operator.

{
  const { bare, isNumber, isText } = Syntax;
  const numericOperators = new Set(['-', '*', '/', '%', '**', '<<', '>>', '>>>', '|', '&', '^']);
  const relations = new Set(['<', '>', '<=', '>=']);
  const calls = { '**': '$pow', '<<': '$shl', '>>': '$shr' };

  const operators = {
    /// Whether a value is certainly no string and no object.
    isNeverText(node) {
      node = bare(node);
      switch (node.type) {
        case 'Literal': return typeof node.value !== 'string';
        case 'UpdateExpression': return true;
        case 'UnaryExpression': return node.operator !== 'typeof' && node.operator !== 'delete';
        case 'BinaryExpression': return node.operator !== '+';
        case 'Identifier': return this.numeric.get(node.name) === true;
        default: return false;
      }
    },

    /// Whether comparing with a value is always cheap.
    isShort(node) {
      node = bare(node);
      return this.isNeverText(node) || isText(node) && node.value.length <= 64 || node.type === 'UnaryExpression'
        || node.type === 'Identifier' && node.name === 'undefined';
    },

    visitOperand(node, parent, guard = '$n') {
      if (this.isNeverText(node) && guard === '$n' || isNumber(bare(node))) { this.visit(node, parent); return; }
      this.open(node.start, '(typeof($t=(');
      this.visit(node, parent);
      const isBig = guard === '$n' ? "||typeof $t==='bigint'" : '';
      this.close(node.end, `))==='number'${isBig}?$t:${guard}($t))`);
    },

    /// An expression whose result may have grown.
    visitResult(node, inner) {
      this.open(node.start, '(typeof($t=(');
      inner();
      this.close(node.end, "))==='number'?$t:$v($t))");
    },

    visitBinaryExpression(node, parent) {
      const { operator, left, right } = node;
      if (operator === '+') this.visitSum(node, parent);
      else if (Object.hasOwn(calls, operator) && !(operator !== '**' && isNumber(bare(right)))) this.visitCalled(node);
      else if (operator === '*' || operator === '-') {
        const operands = () => { this.visitOperand(left, node); this.visitOperand(right, node); };
        if (isNumber(bare(left)) || isNumber(bare(right))) operands(); else this.visitResult(node, operands);
      } else if (operator === '/' || operator === '%') {
        this.visitOperand(left, node, '$q');
        this.visitOperand(right, node);
      } else if (numericOperators.has(operator) || relations.has(operator)) {
        this.visitOperand(left, node);
        this.visitOperand(right, node);
      } else if (operator === '===' || operator === '!==') {
        this.visitEquality(node);
      } else if (operator === 'in') {
        if (left.type !== 'PrivateIdentifier') this.visitKey(left, node, '$key');
        this.visit(right, node);
      } else {
        this.visitChildren(node);
      }
    },

    visitEquality(node) {
      const { left, right } = node;
      if (this.isShort(left) || this.isShort(right)) { this.visitChildren(node); return; }
      this.open(left.start, "(typeof($t=(");
      this.visit(left, node);
      this.close(left.end, "))==='string'?$l($t):$t)");
      this.visit(right, node);
    },

    /// Only the outermost of a chain of additions is guarded: the inner ones cannot grow past their operands' sum.
    visitSum(node, parent) {
      const isInner = parent.type === 'BinaryExpression' && parent.operator === '+' || parent.$sum && parent.type === 'ParenthesizedExpression';
      const { left, right } = node;
      for (const side of [left, right]) if (side.type === 'ParenthesizedExpression') side.$sum = true;
      const children = () => { this.visit(left, node); this.visit(right, node); };
      if (isInner || isNumber(bare(left)) || isNumber(bare(right))) children();
      else this.visitResult(node, children);
    },

    visitCalled(node) {
      this.open(node.start, calls[node.operator] + '((');
      this.visit(node.left, node);
      this.close(node.left.end, '),(');
      this.edits.remove(node.left.end, node.right.start);
      this.visit(node.right, node);
      this.close(node.end, '))');
    },

    visitUnaryExpression(node) {
      if (node.operator === '-' || node.operator === '+' || node.operator === '~') this.visitOperand(node.argument, node);
      else this.visitChildren(node);
    },

    visitTemplateLiteral(node, parent) {
      if (node.expressions.length === 0 || parent.type === 'TaggedTemplateExpression') { this.visitChildren(node); return; }
      this.open(node.start, '$v(');
      this.visitChildren(node);
      this.close(node.end, ')');
    },

    /// The text of a target that can be read twice without side effects, or null.
    plainTarget(node) {
      node = bare(node);
      switch (node.type) {
        case 'Identifier': return node.name;
        case 'ThisExpression': return 'this';
        case 'Super': return 'super';
        case 'MemberExpression': {
          const object = this.plainTarget(node.object);
          if (object === null || node.optional) return null;
          const { property } = node;
          if (!node.computed) return `${object}.${this.module.source.slice(property.start, property.end)}`;
          if (property.type === 'Literal') return `${object}[${this.module.source.slice(property.start, property.end)}]`;
          return property.type === 'Identifier' ? `${object}[(typeof($t=(${property.name}))==='number'?$t:$key($t))]` : null;
        }
        default: return null;
      }
    },

    /// Refuses a target that would have to be evaluated twice.
    requirePlainTarget(target, node) {
      const text = this.plainTarget(target);
      if (text === null) {
        this.findings.add(this.module, node.start, 'complex-target', `${node.operator} needs a simple target.`, 'put the object or the index into a constant first');
      }
      return text ?? 'undefined';
    },

    visitUpdateExpression(node) {
      const target = bare(node.argument);
      if (target.type === 'Identifier' && this.numeric.get(target.name) === true) return;
      this.open(node.start, `($u(${this.requirePlainTarget(target, node)}),`);
      this.visit(node.argument, node);
      this.close(node.end, ')');
    },

    visitAssignmentExpression(node) {
      const { left, right, operator } = node;
      if (operator === '=') {
        this.visit(left, node);
        this.visitSource(bare(left), right, node);
      } else if (operator === '||=' || operator === '&&=' || operator === '??=') {
        this.visit(left, node);
        this.visitBranch(right, node);
      } else if (operator === '+=') {
        const both = () => { this.visit(left, node); this.visit(right, node); };
        if (isNumber(bare(right))) both(); else this.visitResult(node, both);
      } else {
        this.visitCompound(node);
      }
    },

    visitCompound(node) {
      const { left, right, operator } = node, target = bare(left);
      if (target.type === 'Identifier' && this.numeric.get(target.name) === true && isNumber(bare(right))) { this.visitChildren(node); return; }
      const text = this.requirePlainTarget(target, node);
      const call = calls[operator.slice(0, -1)];
      if (call) {
        this.open(left.end, `=${call}(${text},(`);
        this.edits.remove(left.end, right.start);
        this.visit(left, node);
        this.visit(right, node);
        this.close(right.end, '))');
        return;
      }
      const guard = operator === '/=' || operator === '%=' ? '$q' : '$u';
      this.open(node.start, `(typeof($t=(${guard}(${text}),`);
      this.visit(left, node);
      this.visitOperand(right, node);
      this.close(node.end, "))==='number'?$t:$v($t))");
    },
  };
  for (const name of Object.keys(operators)) Meter.prototype[name] = operators[name];
}
