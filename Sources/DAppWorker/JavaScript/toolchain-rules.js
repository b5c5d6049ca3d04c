'use strict';
// What a contract may not contain. Every refusal names a place and what to write instead.

const Rules = (() => {
  const { isFunction, isLoop, children, bare, names, isNumber, isText } = Syntax;

  const allowedGlobals = new Set(`AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date
    Error EvalError Infinity Int16Array Int32Array Int8Array JSON Map Math NaN Number Object Promise RangeError
    ReferenceError Reflect Set String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array
    Uint8ClampedArray WeakMap WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent isFinite isNaN
    parseFloat parseInt undefined arguments`.split(/\s+/));

  const exactMath = new Set(`abs ceil clz32 floor fround imul max min round sign sqrt trunc E LN10 LN2 LOG10E LOG2E PI
    SQRT1_2 SQRT2`.split(/\s+/));

  const clock = 'the only time is the block\'s: use ctx.time or ctx.height';
  const timers = 'a call runs to its end within one block; let a later call do the later step';
  const outside = 'a contract sees only its arguments, ctx and its models';
  const dynamic = 'write the code out; code made at run time cannot be checked';
  const floats = 'use amount or bigint for exact values, or Int32Array and BigInt64Array';
  const forbiddenNames = {
    eval: dynamic, Function: dynamic, Proxy: 'write a function that does the check',
    WeakRef: 'keep data in a model', FinalizationRegistry: 'keep data in a model',
    RegExp: 'use string methods such as startsWith, includes, split and replaceAll',
    Intl: 'format text on the page, not in the contract', Iterator: 'write a for…of loop',
    setTimeout: timers, setInterval: timers, setImmediate: timers, queueMicrotask: 'use await', requestAnimationFrame: timers,
    console: 'use ctx.log', process: outside, global: outside, globalThis: outside, window: outside, self: outside,
    document: outside, fetch: outside, XMLHttpRequest: outside, WebSocket: outside, performance: clock, Temporal: clock,
    require: 'use import … from \'./file.js\'', module: 'use export', exports: 'use export', Buffer: 'use Uint8Array',
    crypto: 'there is no randomness and no key inside a contract', WebAssembly: dynamic,
    SharedArrayBuffer: 'use ArrayBuffer', Atomics: 'there is one thread', structuredClone: 'build the copy field by field',
    Float16Array: floats, Float32Array: floats, Float64Array: floats, escape: 'use encodeURIComponent', unescape: 'use decodeURIComponent',
  };
  const forbiddenMethods = {
    localeCompare: 'compare with < and >', toLocaleUpperCase: 'use toUpperCase', toLocaleLowerCase: 'use toLowerCase',
    normalize: 'normalise text before it is sent', __proto__: 'use a class', __defineGetter__: 'use a getter in a class',
    __defineSetter__: 'use a setter in a class', __lookupGetter__: 'use a class', __lookupSetter__: 'use a class',
    setPrototypeOf: 'use a class',
  };
  // Tests decide nothing on a chain, so what only costs too much there is theirs to use.
  const onlyContracts = new Set(['regular-expression', 'loose-equality']);
  const most = { arguments: 256, parameters: 64, locals: 256 };

  /// Names declared anywhere in a module, and the identifiers that refer to something.
  ///
  /// A name is numeric when every declaration gives it a number literal and every assignment keeps it a number; such
  /// names, loop counters mostly, need no guard.
  function survey(ast) {
    const declared = new Map(), references = [], assigned = [];
    const declare = (identifier, numeric) => {
      const before = declared.get(identifier.name);
      declared.set(identifier.name, numeric && before !== false);
    };
    const spoil = identifier => assigned.push(identifier.name);

    function walkPattern(pattern, onName) {
      switch (pattern.type) {
        case 'Identifier': onName(pattern); if (pattern.name.charCodeAt(0) === 36) references.push(pattern); break;
        case 'ObjectPattern':
          for (const item of pattern.properties) {
            if (item.computed) walk(item.key);
            walkPattern(item.value ?? item.argument, onName);
          }
          break;
        case 'ArrayPattern': for (const item of pattern.elements) if (item) walkPattern(item, onName); break;
        case 'RestElement': walkPattern(pattern.argument, onName); break;
        case 'AssignmentPattern': walkPattern(pattern.left, onName); walk(pattern.right); break;
        case 'ParenthesizedExpression': walkPattern(pattern.expression, onName); break;
        default: walk(pattern);
      }
    }
    const declareOther = identifier => declare(identifier, false);
    const assignOther = identifier => { spoil(identifier); references.push(identifier); };

    function walkAssignment(node) {
      const target = bare(node.left);
      if (target.type !== 'Identifier') { walkPattern(target, assignOther); walk(node.right); return; }
      const keepsNumber = node.operator === '=' || node.operator === '+=' ? isNumber(bare(node.right))
        : !['||=', '&&=', '??='].includes(node.operator);
      if (!keepsNumber) spoil(target);
      references.push(target);
      walk(node.right);
    }

    function walk(node) {
      switch (node.type) {
        case 'Identifier': references.push(node); return;
        case 'VariableDeclaration':
          for (const item of node.declarations) {
            const numeric = item.id.type === 'Identifier' && item.init && isNumber(bare(item.init)) && !node.$head;
            walkPattern(item.id, name => declare(name, numeric === true));
            if (item.init) walk(item.init);
          }
          return;
        case 'FunctionDeclaration': case 'FunctionExpression': case 'ArrowFunctionExpression':
          if (node.id) declareOther(node.id), node.id.name.charCodeAt(0) === 36 && references.push(node.id);
          for (const parameter of node.params) walkPattern(parameter, declareOther);
          walk(node.body);
          return;
        case 'ClassDeclaration': case 'ClassExpression':
          if (node.id) declareOther(node.id), node.id.name.charCodeAt(0) === 36 && references.push(node.id);
          if (node.superClass) walk(node.superClass);
          walk(node.body);
          return;
        case 'CatchClause':
          if (node.param) walkPattern(node.param, declareOther);
          walk(node.body);
          return;
        case 'ForInStatement': case 'ForOfStatement':
          if (node.left.type === 'VariableDeclaration') { node.left.$head = true; walk(node.left); }
          else walkPattern(node.left, assignOther);
          walk(node.right);
          walk(node.body);
          return;
        case 'AssignmentExpression': walkAssignment(node); return;
        case 'MemberExpression': walk(node.object); if (node.computed) walk(node.property); return;
        case 'Property': case 'MethodDefinition': case 'PropertyDefinition':
          if (node.computed) walk(node.key);
          if (node.value) walk(node.value);
          return;
        case 'LabeledStatement': walk(node.body); return;
        case 'BreakStatement': case 'ContinueStatement': case 'MetaProperty': case 'PrivateIdentifier': return;
        case 'ImportDeclaration': for (const item of node.specifiers) walkPattern(item.local, declareOther); return;
        case 'ExportAllDeclaration': return;
        case 'ExportNamedDeclaration':
          if (node.declaration) walk(node.declaration);
          if (!node.source) for (const item of node.specifiers) references.push(item.local);
          return;
        default: for (const child of children(node)) walk(child);
      }
    }
    walk(ast);
    for (const name of assigned) if (declared.has(name)) declared.set(name, false);
    return { declared, references };
  }

  /// Refuses names: reserved ones, forbidden globals, and names that nobody declared.
  function checkNames(module, findings) {
    const { declared, references } = module.survey;
    for (const { name, start } of references) {
      if (name.charCodeAt(0) === 36) {
        findings.add(module, start, 'reserved-name', `The name ${name} is reserved.`, 'choose a name that does not begin with $');
      } else if (declared.has(name)) {
        continue;
      } else if (Object.hasOwn(forbiddenNames, name)) {
        findings.add(module, start, 'forbidden-global', `${name} does not exist in a contract.`, forbiddenNames[name]);
      } else if (!allowedGlobals.has(name)) {
        findings.add(module, start, 'unknown-name', `${name} is not declared.`, 'declare or import it');
      }
    }
    for (const name of ['undefined', 'NaN', 'Infinity', 'arguments']) {
      if (declared.has(name)) findings.add(module, 0, 'reserved-name', `The name ${name} is reserved.`, 'choose another name');
    }
  }

  const isGlobal = (module, node, name) => node.type === 'Identifier' && node.name === name && !module.survey.declared.has(name);

  const visitors = {
    Literal(node, report) {
      if (node.regex) report(node, 'regular-expression', 'Regular expressions do not exist in a contract.', forbiddenNames.RegExp);
    },
    ImportExpression(node, report) { report(node, 'dynamic-import', 'import() does not exist in a contract.', 'use import … from \'./file.js\''); },
    MetaProperty(node, report) {
      if (node.meta.name === 'import') report(node, 'import-meta', 'import.meta does not exist in a contract.', outside);
    },
    MemberExpression(node, report, scope) {
      if (node.computed || node.property.type !== 'Identifier') return;
      const name = node.property.name;
      if (isGlobal(scope.module, node.object, 'Date') && name === 'now') report(node, 'clock', 'Date.now() does not exist in a contract.', clock);
      if (isGlobal(scope.module, node.object, 'Math') && !exactMath.has(name)) {
        if (name === 'random') report(node, 'randomness', 'Math.random() does not exist in a contract.', 'every node must compute the same; derive a number from ctx.transaction if it may be guessed');
        else report(node, 'inexact-math', `Math.${name} differs between processors.`, 'use integer arithmetic or a table');
      }
      if (Object.hasOwn(forbiddenMethods, name)) report(node.property, 'forbidden-method', `${name} does not exist in a contract.`, forbiddenMethods[name]);
    },
    NewExpression(node, report, scope) {
      if (isGlobal(scope.module, node.callee, 'Date') && node.arguments.length === 0) report(node, 'clock', 'new Date() without a time does not exist in a contract.', clock);
      if (node.arguments.length > most.arguments) report(node, 'too-many-arguments', `A call may have ${most.arguments} arguments.`, 'pass an array');
    },
    CallExpression(node, report, scope) {
      if (isGlobal(scope.module, node.callee, 'Date')) report(node, 'clock', 'Date() does not exist in a contract.', clock);
      if (node.arguments.length > most.arguments) report(node, 'too-many-arguments', `A call may have ${most.arguments} arguments.`, 'pass an array');
    },
    AwaitExpression(node, report, scope) {
      if (!scope.inFunction) report(node, 'top-level-await', 'await stands outside of a function.', 'move it into an async function');
    },
    ForOfStatement(node, report) {
      if (node.await) report(node, 'for-await', 'for await does not exist in a contract.', 'use for…of and await inside');
    },
    Property(node, report, scope) {
      const key = node.key.type === 'Identifier' ? node.key.name : node.key.value;
      if (!node.computed && !scope.inPattern && key === '__proto__') report(node, 'forbidden-method', '__proto__ does not exist in a contract.', 'use a class');
    },
    BinaryExpression(node, report) {
      if (node.operator !== '==' && node.operator !== '!=') return;
      const isNull = side => bare(side).type === 'Literal' && bare(side).raw === 'null';
      if (!isNull(node.left) && !isNull(node.right)) report(node, 'loose-equality', `${node.operator} converts its operands.`, `use ${node.operator}=`);
    },
    TryStatement(node, report, scope) {
      if (scope.inGenerator) report(node, 'try-in-generator', 'try does not work inside a generator.', 'move it into a function that the generator calls');
    },
    ArrayPattern(node, report) {
      if (!node.$direct && node.elements.some(item => item?.type === 'RestElement')) {
        report(node, 'nested-rest', 'An array rest stands inside another pattern or a loop head.', 'take it apart in a statement of its own');
      }
    },
  };

  const prototypeTarget = node => node.type === 'MemberExpression'
    && (node.computed ? isText(node.property) && node.property.value === 'prototype' : node.property.name === 'prototype');

  /// Refuses assignments to `.prototype`, wherever a target can stand.
  function checkTarget(node, report) {
    node = bare(node);
    switch (node.type) {
      case 'MemberExpression':
        node.$target = true;
        if (prototypeTarget(node)) report(node, 'prototype', 'A prototype cannot be replaced.', 'use a class');
        break;
      case 'ObjectPattern': for (const item of node.properties) checkTarget(item.value ?? item.argument, report); break;
      case 'ArrayPattern': for (const item of node.elements) if (item) checkTarget(item, report); break;
      case 'RestElement': checkTarget(node.argument, report); break;
      case 'AssignmentPattern': checkTarget(node.left, report); break;
    }
  }

  function checkFunction(node, report) {
    if (node.async && node.generator) report(node, 'async-generator', 'Async generators do not exist in a contract.', 'collect the values in an array');
    if (node.params.length > most.parameters) report(node, 'too-many-parameters', `A function may have ${most.parameters} parameters.`, 'pass an object');
    let locals = node.params.flatMap(parameter => names(parameter)).length;
    const count = inner => {
      if (isFunction(inner)) return;
      if (inner.type === 'VariableDeclarator') locals += names(inner.id).length;
      for (const child of children(inner)) count(child);
    };
    count(node.body);
    if (locals > most.locals) report(node, 'too-many-variables', `A function may have ${most.locals} variables.`, 'split the function');
  }

  /// Walks the whole tree once and reports every construct that is not allowed.
  function checkTree(module, findings) {
    const report = (node, code, message, hint) => {
      if (!module.isTest || !onlyContracts.has(code)) findings.add(module, node.start, code, message, hint);
    };
    function walk(node, scope) {
      if (node.type === 'VariableDeclarator' && node.id.type === 'ArrayPattern' && node.init) node.id.$direct = true;
      if (node.type === 'AssignmentExpression') {
        if (bare(node.left).type === 'ArrayPattern') bare(node.left).$direct = true;
        checkTarget(node.left, report);
      }
      if (node.type === 'ForInStatement' || node.type === 'ForOfStatement') checkTarget(node.left, report);
      if (node.type === 'UpdateExpression') checkTarget(node.argument, report);
      if (Object.hasOwn(visitors, node.type)) visitors[node.type](node, report, scope);
      let inner = scope;
      if (isFunction(node)) {
        checkFunction(node, report);
        inner = { module, inFunction: true, inGenerator: node.generator, inPattern: false };
      } else if (node.type === 'ObjectPattern') {
        inner = { ...scope, inPattern: true };
      } else if (scope.inPattern && node.type === 'ObjectExpression') {
        inner = { ...scope, inPattern: false };
      }
      for (const child of children(node)) walk(child, inner);
    }
    walk(module.ast, { module, inFunction: false, inGenerator: false, inPattern: false });
  }

  function check(module, findings) {
    module.survey = survey(module.ast);
    checkNames(module, findings);
    checkTree(module, findings);
  }

  return { check };
})();
