'use strict';
// What exists in a contract's world: an allow-list, so that an engine upgrade cannot add to it.

{
  const define = Object.defineProperty, has = Object.hasOwn;
  const words = text => new Set(text.trim().split(/\s+/));
  const arrayIterator = $parentOf([][Symbol.iterator]()), iterator = $parentOf(arrayIterator);
  const generator = $parentOf((function* () {}).prototype), asyncFunction = (async () => {}).constructor;
  const generatorFunction = (function* () {}).constructor, asyncGeneratorFunction = (async function* () {}).constructor;
  const typedArray = $parentOf(Int8Array);

  const keep = (object, allowed) => {
    const names = words(allowed);
    for (const key of $ownKeys(object)) {
      if (typeof key === 'string' && !names.has(key)) Reflect.deleteProperty(object, key);
    }
  };

  keep(globalThis, `AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error
    EvalError Function Infinity Int16Array Int32Array Int8Array JSON Map Math NaN Number Object Promise RangeError ReferenceError
    Reflect Set String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap
    WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent globalThis isFinite isNaN parseFloat parseInt undefined`);
  keep(Math, 'abs ceil clz32 floor fround imul max min round sign sqrt trunc E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2');
  keep(JSON, 'parse stringify');
  keep(Reflect, 'apply construct defineProperty deleteProperty get getOwnPropertyDescriptor getPrototypeOf has isExtensible ownKeys preventExtensions set');
  keep(Object, `assign create defineProperties defineProperty entries freeze fromEntries getOwnPropertyDescriptor
    getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols getPrototypeOf hasOwn is isExtensible isFrozen isSealed keys
    length name preventExtensions prototype seal values`);
  keep(Object.prototype, 'constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf');
  keep(Function.prototype, 'apply arguments bind call caller constructor length name toString');
  keep(Array, 'from isArray length name of prototype');
  keep(Array.prototype, `at concat constructor copyWithin entries every fill filter find findIndex findLast findLastIndex flat
    flatMap forEach includes indexOf join keys lastIndexOf length map pop push reduce reduceRight reverse shift slice some sort splice
    toLocaleString toReversed toSorted toSpliced toString unshift values with`);
  keep(typedArray, 'from length name of prototype');
  keep(typedArray.prototype, `at buffer byteLength byteOffset constructor copyWithin entries every fill filter find findIndex
    findLast findLastIndex forEach includes indexOf join keys lastIndexOf length map reduce reduceRight reverse set slice some sort
    subarray toLocaleString toReversed toSorted toString values with`);
  keep(ArrayBuffer, 'isView length name prototype');
  keep(ArrayBuffer.prototype, 'byteLength constructor slice');
  keep(DataView.prototype, `buffer byteLength byteOffset constructor getBigInt64 getBigUint64 getInt16 getInt32 getInt8 getUint16
    getUint32 getUint8 setBigInt64 setBigUint64 setInt16 setInt32 setInt8 setUint16 setUint32 setUint8`);
  keep(String, 'fromCharCode fromCodePoint length name prototype raw');
  keep(String.prototype, `at charAt charCodeAt codePointAt concat constructor endsWith includes indexOf isWellFormed lastIndexOf
    length padEnd padStart repeat replace replaceAll slice split startsWith substring toLowerCase toString toUpperCase toWellFormed trim
    trimEnd trimStart valueOf`);
  keep(Number, `EPSILON MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY isFinite
    isInteger isNaN isSafeInteger length name parseFloat parseInt prototype`);
  keep(Number.prototype, 'constructor toExponential toFixed toLocaleString toPrecision toString valueOf');
  keep(BigInt, 'asIntN asUintN length name prototype');
  keep(BigInt.prototype, 'constructor toLocaleString toString valueOf');
  keep(Map, 'length name prototype');
  keep(Map.prototype, 'clear constructor delete entries forEach get has keys set size values');
  keep(Set, 'length name prototype');
  keep(Set.prototype, 'add clear constructor delete entries forEach has keys size values');
  keep(WeakMap.prototype, 'constructor delete get has set');
  keep(WeakSet.prototype, 'add constructor delete has');
  keep(Promise, 'all allSettled any length name prototype race reject resolve');
  keep(Promise.prototype, 'catch constructor finally then');
  keep(Symbol, 'asyncIterator for hasInstance isConcatSpreadable iterator keyFor length name prototype toPrimitive toStringTag unscopables');
  keep(Symbol.prototype, 'constructor description toString valueOf');
  keep(iterator, 'constructor');
  Reflect.deleteProperty(iterator, 'constructor');

  // Species let a subclass choose what a method builds; without them it builds a plain array.
  for (const type of [Array, Map, Set, Promise, ArrayBuffer, typedArray]) Reflect.deleteProperty(type, Symbol.species);

  // Code made at run time.
  const noCode = function () { throw new EvalError('code cannot be made at run time'); };
  for (const type of [Function, asyncFunction, generatorFunction, asyncGeneratorFunction]) {
    define(type.prototype, 'constructor', { value: noCode, writable: false, configurable: false });
  }
  define(Function.prototype, 'toString', { value: { toString() {
    if (typeof this !== 'function') throw new $TypeError('not a function');
    return 'function () { [code] }';
  } }.toString });

  // Locale
  const plain = { toLocaleString() { return this.toString(); } }.toLocaleString;
  for (const type of [Array, Number, BigInt, Object, typedArray]) define(type.prototype, 'toLocaleString', { value: plain });

  // Error objects carry no place and no engine text besides the message.
  Error.stackTraceLimit = 0;
  keep(Error, 'length name prototype stackTraceLimit');
  for (const name of ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError', 'AggregateError']) {
    const native = globalThis[name], isAggregate = name === 'AggregateError';
    const wrapped = function (...values) {
      if (isAggregate) values[0] = $spread(values[0]);
      const index = isAggregate ? 1 : 0;
      if (values[index] !== undefined) values[index] = $v(typeof values[index] === 'string' ? values[index] : `${values[index]}`);
      const error = Reflect.construct(native, values, new.target === undefined || new.target === wrapped ? native : new.target);
      $addMade(error);
      return error;
    };
    define(wrapped, 'name', { value: name });
    define(wrapped, 'length', { value: native.length });
    define(wrapped, 'prototype', { value: native.prototype, writable: false });
    if (name === 'Error') define(wrapped, 'stackTraceLimit', { value: 0, writable: false });
    // A frozen prototype would refuse this.name = … in a subclass; an accessor lets each error have its own.
    for (const key of ['name', 'message']) {
      const initial = native.prototype[key], prototype = native.prototype;
      define(prototype, key, { configurable: true, enumerable: false, get: { get() { return initial; } }.get, set: { set(value) {
        if (!$isObject(this) || this === prototype) throw new $TypeError('an intrinsic cannot be changed');
        define(this, key, { value, writable: true, configurable: true, enumerable: true });
      } }.set });
    }
    define(native.prototype, 'constructor', { value: wrapped, writable: true, configurable: true, enumerable: false });
    define(globalThis, name, { value: wrapped, writable: true, configurable: true, enumerable: false });
  }

  // Date: block time and UTC only
  {
    const native = Date, prototype = native.prototype, { UTC, parse } = native, iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/;
    const test = $test.bind(iso);
    const parts = ['Date', 'Day', 'FullYear', 'Hours', 'Milliseconds', 'Minutes', 'Month', 'Seconds'];
    for (const part of parts) {
      define(prototype, 'get' + part, { value: prototype['getUTC' + part] });
      if (part !== 'Day') define(prototype, 'set' + part, { value: prototype['setUTC' + part] });
    }
    define(prototype, 'getTimezoneOffset', { value: { getTimezoneOffset() { return 0; } }.getTimezoneOffset });
    for (const name of ['toString', 'toLocaleString', 'toLocaleDateString', 'toLocaleTimeString', 'toDateString', 'toTimeString']) define(prototype, name, { value: prototype.toUTCString });
    for (const name of ['getYear', 'setYear', 'toGMTString', 'toTemporalInstant']) Reflect.deleteProperty(prototype, name);
    const parseISO = text => typeof text === 'string' && text.length < 32 && test(text) ? parse(text) : NaN;
    const wrapped = function Date(...values) {
      if (!new.target) return new native($host.time()).toUTCString();
      if (values.length === 0) return new native($host.time());
      if (values.length > 1) { for (let i = 0; i < values.length; i++) values[i] = $n(values[i]); return new native($apply(UTC, null, values)); }
      const value = $isObject(values[0]) ? values[0] instanceof native ? values[0].getTime() : $primitive(values[0], 'default') : values[0];
      return new native(typeof value === 'string' ? parseISO(value) : value);
    };
    define(wrapped, 'prototype', { value: prototype, writable: false });
    define(wrapped, 'now', { value: { now() { return $host.time(); } }.now });
    define(wrapped, 'UTC', { value: UTC });
    define(wrapped, 'parse', { value: { parse(text) { return parseISO(text); } }.parse });
    define(prototype, 'constructor', { value: wrapped });
    define(globalThis, 'Date', { value: wrapped });
  }

  // Symbol without the well-known symbols that steer built-in methods.
  {
    const native = Symbol;
    const wrapped = function Symbol(text) {
      if (new.target) throw new $TypeError('Symbol is not a constructor');
      return native(text === undefined ? undefined : $key(text));
    };
    for (const name of ['asyncIterator', 'hasInstance', 'iterator', 'toPrimitive', 'toStringTag']) define(wrapped, name, { value: native[name] });
    define(wrapped, 'prototype', { value: native.prototype, writable: false });
    define(native.prototype, 'constructor', { value: wrapped });
    define(globalThis, 'Symbol', { value: wrapped });
  }

  // A generator runs on its caller's stack, so each step counts as a call.
  for (const name of ['next', 'return', 'throw']) {
    const native = generator[name];
    define(generator, name, { value: { [name](value) {
      const depth = $d;
      if (++$d > $limits.depth) $deep();
      try { return native.call(this, value); } finally { $d = depth; }
    } }[name] });
  }
}
