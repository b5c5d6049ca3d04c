'use strict';
// The counters and guards that instrumented code uses. Script-level names are out of a contract's reach, because the
// rules refuse every name that begins with $ and the global object does not hold them.

const $host = hostFunctions, $test = RegExp.prototype.test;
delete globalThis.hostFunctions;

let $gas = Number.MAX_SAFE_INTEGER; // gas left; once below zero, the call is over whatever the contract catches
let $d = 0;         // depth of calls
let $p = 0;         // place that runs: module index × 262,144 + offset
let $t;             // a value for the length of one guard
let $halt = null;   // why a call was ended before its gas was used up
let $left = 0;      // gas at that moment
let $at = -1;       // place at that moment

const $limits = Object.freeze({ text: 131072, array: 65536, buffer: 1048576, depth: 512, nesting: 256, arguments: 256, chain: 64 });
const $over = Object.freeze({ __proto__: null });
const $apply = Reflect.apply, $ownKeys = Reflect.ownKeys, $parentOf = Object.getPrototypeOf, $isArray = Array.isArray, $isView = ArrayBuffer.isView;
const $descriptor = Object.getOwnPropertyDescriptor, $freeze = Object.freeze, $keys = Object.keys, $hasOwn = Object.hasOwn;

// The engine's own functions, for the runtime itself: the contract's versions charge, and what the runtime does must cost
// the same whether or not a value was in its cache.
const $parse = JSON.parse, $stringify = JSON.stringify, $Error = Error, $Map = Map, $Set = Set, $BigInt = BigInt, $Promise = Promise;
const $mapGet = Map.prototype.get, $mapSet = Map.prototype.set, $setAdd = Set.prototype.add, $then = Promise.prototype.then;
const $safeInteger = Number.isSafeInteger, $isWellFormed = String.prototype.isWellFormed, $slice = String.prototype.slice;
const $bigText = BigInt.prototype.toString, $padStart = String.prototype.padStart, $split = String.prototype.split, $unitAt = String.prototype.charCodeAt, $textIndexOf = String.prototype.indexOf;

/// Ends the call because its gas is used up.
const $out = () => { if ($at < 0) $at = $p; throw $over; };

/// Ends the call because a limit was reached; nothing can catch it.
const $stop = (code, message) => {
  if ($gas >= 0) { $halt = { code, message }; $left = $gas; $at = $p; }
  $gas = -1;
  throw $over;
};

const $charge = amount => { if (($gas -= amount) < 0) $out(); };
const $deep = () => $stop('DepthLimit', 'Calls are nested deeper than 512 levels.');
const $tooLong = () => $stop('StringLimit', 'A string is longer than 131,072 units.');
const $tooMany = () => $stop('ArrayLimit', 'An array is longer than 65,536 elements.');
const $tooBig = () => $stop('BigIntLimit', 'A bigint is longer than 1,024 bits.');

/// Gives back one level of depth and passes a value on.
const $x = value => { --$d; return value; };

// Errors: those a contract made keep their message, those the engine made keep only their class.

const $made = new WeakSet(), $seen = new WeakSet(), $hasMade = $made.has.bind($made), $addMade = $made.add.bind($made);
const $hasSeen = $seen.has.bind($seen), $addSeen = $seen.add.bind($seen);
const $tagOf = Object.prototype.toString, $RangeError = RangeError, $TypeError = TypeError;

/// Kills the process when the engine itself ran out of stack or memory: such an end depends on the machine.
///
/// A contract cannot fake one: errors it makes are known, and others are looked at before it can change them.
const $checkEngine = error => {
  if (typeof error !== 'object' || error === null || !(error instanceof $RangeError)) return;
  if ($hasMade(error) || $hasSeen(error)) return;
  $addSeen(error);
  const message = $descriptor(error, 'message')?.value;
  if (message === 'Maximum call stack size exceeded.' || message === 'Out of memory') {
    if (!(Symbol.toStringTag in error) && $apply($tagOf, error, []) === '[object Error]') $host.fatal(message);
  }
};
const $c = error => { if ($gas < 0) throw $over; $checkEngine(error); };
const $f = () => { if ($gas < 0) throw $over; };

// Operands

/// ToPrimitive (ECMA-262 7.1.1), in view of the meter.
const $primitive = (object, hint) => {
  const exotic = object[Symbol.toPrimitive];
  if (exotic !== undefined && exotic !== null) {
    const value = $apply(exotic, object, [hint]);
    if (typeof value !== 'object' && typeof value !== 'function' || value === null) return value;
    throw new $TypeError('cannot convert an object to a primitive value');
  }
  const first = hint === 'string' ? object.toString : object.valueOf;
  if (typeof first === 'function') {
    const value = $apply(first, object, []);
    if (typeof value !== 'object' && typeof value !== 'function' || value === null) return value;
  }
  const second = hint === 'string' ? object.valueOf : object.toString;
  if (typeof second === 'function') {
    const value = $apply(second, object, []);
    if (typeof value !== 'object' && typeof value !== 'function' || value === null) return value;
  }
  throw new $TypeError('cannot convert an object to a primitive value');
};
const $isObject = value => typeof value === 'object' && value !== null || typeof value === 'function';

/// An operand that will become a number: reading a long string takes time.
const $n = value => {
  if ($isObject(value)) { $charge(10); value = $primitive(value, 'number'); }
  if (typeof value === 'string') { if (value.length > 16) $charge(value.length >> 3); }
  return value;
};

const $big = 1n << 1024n, $medium = 1n << 256n, $small = 1n << 64n;

/// A dividend.
const $q = value => {
  if (typeof value === 'bigint') { if (value > $small || value < -$small) $charge(60); return value; }
  return $n(value);
};

/// A result that may have grown.
const $v = value => {
  if (typeof value === 'string') {
    const length = value.length;
    if (length > 16) { $charge(length >> 3); if (length > $limits.text) $tooLong(); }
  } else if (typeof value === 'bigint') {
    if (value > $small || value < -$small) {
      if (value > $big || value < -$big) $tooBig();
      $charge(value > $medium || value < -$medium ? 60 : 6);
    }
  }
  return value;
};

/// One side of an equality.
const $l = text => { if (text.length > 64) $charge(text.length >> 6); return text; };

/// The operand of an assignment that also reads its target.
const $u = value => {
  if (typeof value === 'string') { if (value.length > 16) $charge(value.length >> 3); }
  else if ($isObject(value)) throw new $TypeError('the target of this operator must hold a number');
};

const $key = value => {
  if ($isObject(value)) { $charge(10); value = $primitive(value, 'string'); }
  if (typeof value === 'string' && value.length > 64) $charge(value.length >> 5);
  return value;
};

/// A property key that is written to.
const $slot = value => {
  value = $key(value);
  if (value === 'prototype') throw new $TypeError('a prototype cannot be replaced');
  return value;
};

const $switch = (value, cases) => { if (typeof value === 'string' && value.length > 64) $charge((value.length >> 6) * cases); return value; };

// Operators that would call into the C library or grow without bound

const $pow = (base, exponent) => {
  base = $n(base); exponent = $n(exponent);
  if (typeof base !== 'bigint' || typeof exponent !== 'bigint') {
    if (typeof base === 'bigint' || typeof exponent === 'bigint') throw new $TypeError('bigint and number cannot be mixed');
    base = +base; exponent = +exponent;
    if (exponent !== exponent || exponent % 1 !== 0) throw new $RangeError('the exponent must be a whole number');
    if (exponent < 0) return 1 / $power(base, -exponent, 1, 2);
    return $power(base, exponent, 1, 2);
  }
  if (exponent < 0n) throw new $RangeError('the exponent of a bigint must not be negative');
  if (base === 0n || base === 1n || base === -1n) return base ** (exponent > 2n ? 2n + exponent % 2n : exponent);
  if (exponent > 1024n) $tooBig();
  return $power(base, exponent, 1n, 2n);
};
const $power = (base, exponent, one, two) => {
  let result = one;
  while (exponent > 0) {
    $charge(8);
    if (exponent % two == one) result = $v(result * base);
    exponent = exponent % two == one ? (exponent - one) / two : exponent / two;
    if (exponent > 0) base = $v(base * base);
  }
  return result;
};
const $shl = (value, bits) => {
  value = $n(value); bits = $n(bits);
  if (typeof value !== 'bigint' || typeof bits !== 'bigint') return value << bits;
  if (bits > 1024n && value !== 0n) $tooBig();
  return $v(value << (bits < -1100n ? -1100n : bits));
};
const $shr = (value, bits) => {
  value = $n(value); bits = $n(bits);
  if (typeof value !== 'bigint' || typeof bits !== 'bigint') return value >> bits;
  if (bits < -1024n && value !== 0n) $tooBig();
  return $v(value >> (bits > 1100n ? 1100n : bits));
};

// Sizes

const $arrayValues = Array.prototype.values, $push = Array.prototype.push;
const $sizeOfMap = $descriptor(Map.prototype, 'size').get, $sizeOfSet = $descriptor(Set.prototype, 'size').get;
const $mapEntries = Map.prototype.entries, $setValues = Set.prototype.values;
const $isPlainArray = value => $isArray(value) && value[Symbol.iterator] === $arrayValues;

/// Something to spread, with every element paid for.
const $spread = value => {
  if ($isPlainArray(value)) {
    if (value.length > $limits.array) $tooMany();
    $charge(4 + (value.length >> 2));
    return value;
  }
  if (value === null || value === undefined) return value;
  const list = [];
  for (const item of value) {
    $charge(4);
    if (list.length >= $limits.array) $tooMany();
    $apply($push, list, [item]);
  }
  return list;
};
const $args = value => {
  value = $spread(value);
  if (value?.length > $limits.arguments) $stop('ArgumentLimit', 'A call has more than 256 arguments.');
  return value;
};
const $props = value => {
  if (typeof value === 'string') $charge(value.length);
  else if ($isObject(value)) $charge(4 + 4 * $ownKeys(value).length);
  return value;
};
const $enum = value => {
  if (typeof value === 'string') $charge(4 * value.length);
  for (let object = $isObject(value) ? value : null; object !== null; object = $parentOf(object)) $charge(4 + 4 * $ownKeys(object).length);
  return value;
};
const $rest = list => { $charge(list.length >> 2); };

/// Refuses chains of prototypes in which a miss would be slow.
const $chain = object => {
  let length = 0;
  for (let next = object; next !== null; next = $parentOf(next)) if (++length > $limits.chain) $stop('PrototypeLimit', 'A chain of prototypes is longer than 64.');
  return object;
};
const $base = parent => {
  if (parent === null) return parent;
  if (typeof parent === 'function') { $chain(parent); if ($isObject(parent.prototype)) $chain(parent.prototype); }
  return parent;
};

// Modules

const $modules = [], $paths = [];
let $instances = [];
const $define = (index, path, factory) => { $modules[index] = factory; $paths[index] = path; };

/// The exports of a module, evaluated once in each call.
const $import = index => $instances[index] ?? ($instances[index] = $modules[index]());
