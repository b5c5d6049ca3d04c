'use strict';
// Strings, numbers and JSON whose cost depends on size: each call pays first, and no result passes the limit.

{
  const define = Object.defineProperty;
  const install = (target, methods) => {
    for (const key of $ownKeys(methods)) define(target, key, { value: methods[key], writable: true, configurable: true, enumerable: false });
  };

  /// A string argument or receiver.
  const text = value => {
    if (typeof value === 'string') return value;
    if ($isObject(value)) value = $primitive(value, 'string');
    return `${value}`;
  };
  const receiver = value => {
    if (typeof value === 'string') return value;
    if (value === null || value === undefined) throw new $TypeError('a string method was called on nothing');
    return text(value);
  };
  /// A number argument: undefined stays, so that a missing argument keeps its meaning.
  const number = value => (typeof value === 'number' || value === undefined ? value : $n(value));
  const read = value => { $charge(2 + (value.length >> 5)); return value; };
  const made = value => { $charge(value.length >> 3); if (value.length > $limits.text) $tooLong(); return value; };

  const {
    at, charAt, charCodeAt, codePointAt, endsWith, includes, indexOf, isWellFormed, lastIndexOf, padEnd, padStart, repeat, slice, split,
    startsWith, substring, toLowerCase, toUpperCase, toWellFormed, trim, trimEnd, trimStart, concat,
  } = String.prototype;
  const { fromCharCode } = String, join = Array.prototype.join;

  const isASCII = value => {
    for (let i = 0; i < value.length; i++) if (charCodeAt.call(value, i) > 127) return false;
    return true;
  };
  const mapASCII = (value, native, low, high, shift) => {
    $charge(value.length);
    if (isASCII(value)) return made(native.call(value));
    let result = '';
    for (let i = 0; i < value.length; i++) {
      const code = charCodeAt.call(value, i);
      result += code >= low && code <= high ? fromCharCode(code + shift) : charAt.call(value, i);
    }
    return made(result);
  };
  const pad = native => function (length, filler) {
    const value = receiver(this), wanted = number(length);
    if (wanted > $limits.text) $tooLong();
    return made(native.call(value, wanted, filler === undefined ? undefined : text(filler)));
  };

  /// Replaces with literal text: $ has no meaning in the replacement.
  const substitute = (value, pattern, replacement, all) => {
    read(value);
    const isFunction = typeof replacement === 'function', literal = isFunction ? '' : text(replacement);
    let result = '', from = 0, found = indexOf.call(value, pattern);
    while (found >= 0) {
      $charge(4 + (pattern.length >> 3));
      const put = isFunction ? text(replacement(pattern, found, value)) : literal;
      result = $v(result + slice.call(value, from, found) + put);
      from = found + pattern.length;
      if (!all) break;
      found = from > value.length || pattern === '' && found >= value.length ? -1 : indexOf.call(value, pattern, pattern === '' ? found + 1 : from);
    }
    return made(result + slice.call(value, from));
  };

  install(String.prototype, {
    at(index) { return at.call(receiver(this), number(index)); },
    charAt(index) { return charAt.call(receiver(this), number(index)); },
    charCodeAt(index) { return charCodeAt.call(receiver(this), number(index)); },
    codePointAt(index) { return codePointAt.call(receiver(this), number(index)); },
    concat(...parts) {
      let result = receiver(this);
      for (let i = 0; i < parts.length; i++) result = $v(result + text(parts[i]));
      return result;
    },
    endsWith(part, end) { return endsWith.call(read(receiver(this)), read(text(part)), number(end)); },
    includes(part, start) { return search(this, part, start) >= 0; },
    indexOf(part, start) { return search(this, part, start); },
    isWellFormed() { return isWellFormed.call(read(receiver(this))); },
    lastIndexOf(part, start) {
      const value = receiver(this), wanted = text(part);
      $charge(2 + (value.length >> 3) + (value.length * wanted.length >> 10));
      return lastIndexOf.call(value, wanted, number(start));
    },
    padEnd: { padEnd: pad(padEnd) }.padEnd,
    padStart: { padStart: pad(padStart) }.padStart,
    repeat(count) {
      const value = receiver(this), times = number(count);
      if (value.length * times > $limits.text) $tooLong();
      return made(repeat.call(value, times));
    },
    replace(pattern, replacement) { return substitute(receiver(this), text(pattern), replacement, false); },
    replaceAll(pattern, replacement) { return substitute(receiver(this), text(pattern), replacement, true); },
    slice(start, end) { return slice.call(read(receiver(this)), number(start), number(end)); },
    split(separator, most) {
      const value = receiver(this);
      if (separator === undefined) return split.call(value, undefined, number(most));
      const wanted = text(separator);
      $charge(2 + (value.length >> 1) + (wanted === '' ? value.length : 0));
      const parts = split.call(value, wanted, number(most));
      if (parts.length > $limits.array) $tooMany();
      $charge(parts.length * 2);
      return parts;
    },
    startsWith(part, start) { return startsWith.call(read(receiver(this)), read(text(part)), number(start)); },
    substring(start, end) { return substring.call(read(receiver(this)), number(start), number(end)); },
    toLowerCase() { return mapASCII(receiver(this), toLowerCase, 65, 90, 32); },
    toUpperCase() { return mapASCII(receiver(this), toUpperCase, 97, 122, -32); },
    toWellFormed() { return made(toWellFormed.call(receiver(this))); },
    trim() { return trim.call(read(receiver(this))); },
    trimEnd() { return trimEnd.call(read(receiver(this))); },
    trimStart() { return trimStart.call(read(receiver(this))); },
  });
  /// A naive search can compare every place with the whole pattern.
  const search = (self, part, start) => {
    const value = receiver(self), wanted = text(part);
    $charge(2 + (value.length >> 4) + (wanted.length > 1 ? value.length * wanted.length / 1024 | 0 : 0));
    return indexOf.call(value, wanted, number(start));
  };

  install(String, {
    raw(strings, ...values) {
      const list = strings.raw, parts = [];
      for (let i = 0; i < list.length; i++) {
        $charge(2);
        parts[parts.length] = text(list[i]);
        if (i < values.length && i + 1 < list.length) parts[parts.length] = text(values[i]);
      }
      let result = '';
      for (let i = 0; i < parts.length; i++) result = $v(result + parts[i]);
      return result;
    },
  });

  // Conversions from text
  const wrapCall = (native, convert, names) => {
    const wrapped = { [native.name](value) { return native(convert(value)); } }[native.name];
    return wrapped;
  };
  for (const name of ['parseFloat', 'isNaN', 'isFinite']) {
    const wrapped = wrapCall(globalThis[name], name === 'parseFloat' ? value => { value = text(value); $charge(value.length >> 3); return value; } : number);
    define(globalThis, name, { value: wrapped });
    if (name === 'parseFloat') define(Number, name, { value: wrapped });
  }
  const nativeParseInt = parseInt;
  const parseInteger = { parseInt(value, radix) { value = text(value); $charge(value.length >> 2); return nativeParseInt(value, number(radix)); } }.parseInt;
  define(globalThis, 'parseInt', { value: parseInteger });
  define(Number, 'parseInt', { value: parseInteger });
  for (const name of ['decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent']) {
    const native = globalThis[name];
    define(globalThis, name, { value: { [name](value) { value = text(value); $charge(value.length); return made(native(value)); } }[name] });
  }
  for (const name of ['abs', 'ceil', 'clz32', 'floor', 'fround', 'round', 'sign', 'sqrt', 'trunc']) {
    const native = Math[name];
    define(Math, name, { value: { [name](value) { return native(typeof value === 'number' ? value : $n(value)); } }[name] });
  }
  const { imul, max, min } = Math;
  const variadic = native => function (a, b) {
    if (arguments.length === 2) return native(typeof a === 'number' ? a : $n(a), typeof b === 'number' ? b : $n(b));
    const values = [];
    for (let i = 0; i < arguments.length; i++) { $charge(1); values[i] = $n(arguments[i]); }
    return $apply(native, undefined, values);
  };
  install(Math, { max: { max: variadic(max) }.max, min: { min: variadic(min) }.min, imul(a, b) { return imul($n(a), $n(b)); } });

  // Number and BigInt as functions
  {
    const native = Number;
    const wrapped = function Number(value) {
      const result = arguments.length === 0 ? 0 : native($n(value));
      return new.target ? Reflect.construct(native, [result], new.target === wrapped ? native : new.target) : result;
    };
    for (const key of $ownKeys(native)) if (!['length', 'name', 'prototype'].includes(key)) define(wrapped, key, $descriptor(native, key));
    define(wrapped, 'prototype', { value: native.prototype, writable: false });
    define(native.prototype, 'constructor', { value: wrapped });
    define(globalThis, 'Number', { value: wrapped });
    const { toFixed, toPrecision, toExponential, toString } = native.prototype;
    install(native.prototype, {
      toFixed(digits) { return toFixed.call(this, number(digits)); },
      toPrecision(digits) { return toPrecision.call(this, number(digits)); },
      toExponential(digits) { return toExponential.call(this, number(digits)); },
      toString(radix) { $charge(4); return toString.call(this, number(radix)); },
    });
  }
  {
    const native = BigInt, { asIntN, asUintN } = native;
    const wrapped = function BigInt(value) {
      if (new.target) throw new $TypeError('BigInt is not a constructor');
      if ($isObject(value)) value = $primitive(value, 'number');
      if (typeof value === 'string') { if (value.length > 400) $tooBig(); $charge(4 + (value.length >> 1)); }
      return $v(native(value));
    };
    const bounded = asN => (bits, value) => { if (number(bits) > 1024) $tooBig(); return asN(bits, value); };
    install(wrapped, { asIntN: bounded(asIntN), asUintN: bounded(asUintN) });
    define(wrapped, 'prototype', { value: native.prototype, writable: false });
    define(native.prototype, 'constructor', { value: wrapped });
    define(globalThis, 'BigInt', { value: wrapped });
    const { toString } = native.prototype;
    install(native.prototype, { toString(radix) { const result = toString.call(this, number(radix)); $charge(4 + result.length); return result; } });
  }
  {
    const native = String;
    const wrapped = function String(value) {
      const result = arguments.length === 0 ? '' : typeof value === 'symbol' && !new.target ? native(value) : text(value);
      return new.target ? Reflect.construct(native, [result], new.target === wrapped ? native : new.target) : result;
    };
    for (const key of $ownKeys(native)) if (!['length', 'name', 'prototype'].includes(key)) define(wrapped, key, $descriptor(native, key));
    define(wrapped, 'prototype', { value: native.prototype, writable: false });
    define(native.prototype, 'constructor', { value: wrapped });
    define(globalThis, 'String', { value: wrapped });
  }

  // JSON
  const { parse, stringify } = JSON, keys = Object.keys, isArray = $isArray;
  const bracketDepth = value => {
    let depth = 0, deepest = 0, inText = false;
    for (let i = 0; i < value.length; i++) {
      const code = charCodeAt.call(value, i);
      if (inText) { if (code === 92) i++; else if (code === 34) inText = false; }
      else if (code === 34) inText = true;
      else if (code === 91 || code === 123) { if (++depth > deepest) deepest = depth; }
      else if (code === 93 || code === 125) depth--;
    }
    return deepest;
  };
  /// A plain copy of what JSON.stringify would write, so that the engine's own recursion meets no code and no surprise.
  const plainCopy = (holder, key, replacer, depth) => {
    let value = holder[key];
    $charge(2);
    if ($isObject(value) && typeof value.toJSON === 'function') value = $apply(value.toJSON, value, [`${key}`]);
    if (replacer) value = $apply(replacer, holder, [`${key}`, value]);
    if (typeof value === 'string') { $charge(value.length >> 1); return value; }
    if (typeof value !== 'object' || value === null) return value;
    if (depth > $limits.nesting) $stop('NestingLimit', 'A value is nested deeper than 256 levels.');
    if (isArray(value)) {
      if (value.length > $limits.array) $tooMany();
      const copy = [];
      for (let i = 0; i < value.length; i++) copy[i] = plainCopy(value, i, replacer, depth + 1);
      return copy;
    }
    const names = keys(value), copy = { __proto__: null };
    $charge(names.length * 2);
    for (let i = 0; i < names.length; i++) { $charge(names[i].length >> 2); copy[names[i]] = plainCopy(value, names[i], replacer, depth + 1); }
    return copy;
  };
  install(JSON, {
    parse(value, reviver) {
      value = text(value);
      $charge(4 + value.length * 2);
      if (value.length > $limits.text) $tooLong();
      if (reviver !== undefined) throw new $TypeError('JSON.parse takes no reviver');
      if (value.length > $limits.nesting && bracketDepth(value) > $limits.nesting) $stop('NestingLimit', 'A value is nested deeper than 256 levels.');
      return parse(value);
    },
    stringify(value, replacer, space) {
      if ($isObject(space)) space = 2;
      const names = isArray(replacer) ? $spread(replacer) : undefined;
      const result = stringify(plainCopy({ '': value }, '', typeof replacer === 'function' ? replacer : null, 0), names, space);
      return result === undefined ? result : made(result);
    },
  });
}
