'use strict';
// Arrays, views, maps, objects and functions whose cost depends on size.

{
  const define = Object.defineProperty;
  const install = (target, methods) => {
    for (const key of $ownKeys(methods)) define(target, key, { value: methods[key], writable: true, configurable: true, enumerable: false });
  };
  const number = value => (typeof value === 'number' || value === undefined ? value : $n(value));
  const typedArray = $parentOf(Int8Array);
  const tooMany = size => { if (size > $limits.array) $tooMany(); };

  /// A receiver that really is an array or a view; its whole length is paid for.
  const list = value => {
    if (!$isArray(value) && !$isView(value)) throw new $TypeError('an array method was called on something else');
    const size = value.length;
    tooMany(size);
    $charge(size);
    return value;
  };
  /// As `list`, for work that moves memory only.
  const moved = value => {
    if (!$isArray(value) && !$isView(value)) throw new $TypeError('an array method was called on something else');
    tooMany(value.length);
    $charge(1 + (value.length >> 3));
    return value;
  };
  const sorted = value => {
    const size = list(value).length;
    $charge(size * (32 - Math.clz32(size)));
    return value;
  };

  // Array.prototype.join with the size known before it is built; an array inside itself reads as empty.
  const joining = [];
  const join = (value, separator) => {
    if ($d >= $limits.depth) $deep();
    list(value);
    if (joining.includes(value)) return '';
    const depth = $d++, level = joining.length;
    joining[level] = value;
    try {
      let result = '';
      for (let i = 0; i < value.length; i++) {
        if (i > 0) result += separator;
        const item = value[i];
        if (item !== undefined && item !== null) result = $v(result + ($isObject(item) ? $primitive(item, 'string') : typeof item === 'symbol' ? $textOfSymbol() : `${item}`));
      }
      return $v(result);
    } finally { joining.length = level; $d = depth; }
  };
  const $textOfSymbol = () => { throw new $TypeError('a symbol cannot become text'); };
  const separatorOf = value => (value === undefined ? ',' : typeof value === 'string' ? value : `${value}`);

  const flatten = (source, depth, into, level) => {
    if (level > $limits.nesting) $stop('NestingLimit', 'A value is nested deeper than 256 levels.');
    list(source);
    for (let i = 0; i < source.length; i++) {
      if (!(i in source)) continue;
      const item = source[i];
      if (depth > 0 && $isArray(item)) flatten(item, depth - 1, into, level + 1);
      else { tooMany(into.length + 1); $charge(2); into[into.length] = item; }
    }
    return into;
  };

  const callbacks = names => prototype => {
    for (const name of names) {
      const native = prototype[name];
      install(prototype, { [name]: { [name](callback, receiver) { return native.call(list(this), callback, receiver); } }[name] });
    }
  };
  const shared = prototype => {
    callbacks(['every', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex', 'forEach', 'map', 'some'])(prototype);
    const { at, copyWithin, fill, includes, indexOf, lastIndexOf, reduce, reduceRight, reverse, slice, sort, toReversed, toSorted } = prototype;
    const withIndex = prototype.with;
    const find = (self, native, item, start, count) => {
      const size = list(self).length;
      if (typeof item === 'string' && item.length > 64) $charge(size * (item.length >> 6));
      return count > 1 ? native.call(self, item, number(start)) : native.call(self, item);
    };
    install(prototype, {
      at(index) { return at.call(this, number(index)); },
      copyWithin(target, start, end) { return copyWithin.call(moved(this), number(target), number(start), number(end)); },
      fill(value, start, end) { return fill.call(list(this), value, number(start), number(end)); },
      includes(item, start) { return find(this, includes, item, start, arguments.length); },
      indexOf(item, start) { return find(this, indexOf, item, start, arguments.length); },
      join(separator) { return join(this, separatorOf(separator)); },
      lastIndexOf(item, start) { return find(this, lastIndexOf, item, start, arguments.length); },
      reduce(callback, first) { return arguments.length > 1 ? reduce.call(list(this), callback, first) : reduce.call(list(this), callback); },
      reduceRight(callback, first) { return arguments.length > 1 ? reduceRight.call(list(this), callback, first) : reduceRight.call(list(this), callback); },
      reverse() { return reverse.call(moved(this)); },
      slice(start, end) { return slice.call(moved(this), number(start), number(end)); },
      sort(compare) { return sort.call(sortable(this, compare), compare); },
      toReversed() { return toReversed.call(moved(this)); },
      toSorted(compare) { return toSorted.call(sortable(this, compare), compare); },
      toString() { return join(this, ','); },
      with(index, value) { return withIndex.call(moved(this), number(index), value); },
    });
  };
  /// Without a comparison, elements become text and are compared as text.
  const sortable = (value, compare) => {
    const size = sorted(value).length;
    if (compare !== undefined || $isView(value)) return value;
    const rounds = 32 - Math.clz32(size);
    for (let i = 0; i < size; i++) {
      const item = value[i];
      if ($isObject(item)) throw new $TypeError('sort needs a comparison function for objects');
      if (typeof item === 'string') $charge((item.length >> 5) * rounds);
    }
    $charge(size * 4);
    return value;
  };

  const { concat, shift, splice, toSpliced, unshift } = Array.prototype;
  shared(Array.prototype);
  shared(typedArray.prototype);
  install(Array.prototype, {
    concat(...parts) {
      let size = moved(this).length;
      for (let i = 0; i < parts.length; i++) size += $isArray(parts[i]) ? moved(parts[i]).length : 1;
      tooMany(size);
      return $apply(concat, this, parts);
    },
    flat(depth) { return flatten(this, depth === undefined ? 1 : number(depth), [], 0); },
    flatMap(callback, receiver) {
      const result = [];
      list(this);
      for (let i = 0; i < this.length; i++) {
        if (!(i in this)) continue;
        const item = $apply(callback, receiver, [this[i], i, this]);
        if ($isArray(item)) flatten(item, 0, result, 0);
        else { tooMany(result.length + 1); $charge(2); result[result.length] = item; }
      }
      return result;
    },
    shift() { return shift.call(moved(this)); },
    splice(...values) { tooMany(moved(this).length + values.length); return $apply(splice, this, values); },
    toSpliced(...values) { tooMany(moved(this).length + values.length); return $apply(toSpliced, this, values); },
    unshift(...values) { tooMany(moved(this).length + values.length); return $apply(unshift, this, values); },
  });
  const { set, subarray } = typedArray.prototype;
  install(typedArray.prototype, {
    set(source, offset) { return set.call(moved(this), $isView(source) ? moved(source) : list(source), number(offset)); },
    subarray(start, end) { return subarray.call(this, number(start), number(end)); },
  });

  // Constructors
  const copyStatics = (from, to) => {
    for (const key of $ownKeys(from)) if (!['length', 'name', 'prototype'].includes(key)) define(to, key, $descriptor(from, key));
    define(to, 'prototype', { value: from.prototype, writable: false });
    define(from.prototype, 'constructor', { value: to });
    define(to, 'name', { value: from.name });
    define(globalThis, from.name, { value: to });
  };
  const targetOf = (target, wrapped, native) => (target === undefined || target === wrapped ? native : target);
  {
    const native = Array;
    const wrapped = function Array(...values) {
      if (values.length === 1 && typeof values[0] === 'number') { tooMany(values[0]); $charge(values[0] >> 1); }
      return Reflect.construct(native, values, targetOf(new.target, wrapped, native));
    };
    install(native, {
      from(source, map, receiver) {
        let items;
        if (source !== null && source !== undefined && source[Symbol.iterator] === undefined) {
          const length = $descriptor(source, 'length')?.value;
          items = [];
          const size = typeof length === 'number' && length > 0 ? Math.trunc(length) : 0;
          tooMany(size);
          $charge(size * 2);
          for (let i = 0; i < size; i++) items[i] = source[i];
        } else {
          const spread = $spread(source);
          items = [...spread];
        }
        if (map === undefined) return items;
        for (let i = 0; i < items.length; i++) items[i] = $apply(map, receiver, [items[i], i]);
        return items;
      },
    });
    copyStatics(native, wrapped);
  }
  for (const name of ['ArrayBuffer', 'Uint8Array', 'Int8Array', 'Uint8ClampedArray', 'Uint16Array', 'Int16Array', 'Uint32Array', 'Int32Array', 'BigInt64Array', 'BigUint64Array']) {
    const native = globalThis[name];
    const wrapped = { [name]: function (source, offset, length) {
      if (!new.target) throw new $TypeError(`${name} needs new`);
      let values;
      if ($isObject(source)) {
        values = source instanceof nativeBuffer ? [source, number(offset), number(length)] : [$isView(source) ? list(source) : $spread(source)];
        if (values.length === 1) $charge(values[0].length);
      } else {
        const size = number(source) ?? 0;
        if (size > $limits.buffer) $stop('BufferLimit', 'A buffer is longer than 1 MiB.');
        $charge(size > 0 ? 8 + Math.floor(size / 4) : 8);
        values = [size];
      }
      return Reflect.construct(native, values, targetOf(new.target, wrapped, native));
    } }[name];
    copyStatics(native, wrapped);
    if ($ownKeys(native).includes('from')) Reflect.deleteProperty(wrapped, 'from');
  }
  const nativeBuffer = ArrayBuffer;
  install(typedArray, { from(source) { return new this($spread(source)); }, of(...values) { return new this(values); } });

  for (const name of ['Map', 'Set', 'WeakMap', 'WeakSet']) {
    const native = globalThis[name];
    const wrapped = { [name]: function (source) {
      if (!new.target) throw new $TypeError(`${name} needs new`);
      return Reflect.construct(native, [$spread(source)], targetOf(new.target, wrapped, native));
    } }[name];
    copyStatics(native, wrapped);
  }
  const keyed = (prototype, names) => {
    for (const name of names) {
      const native = prototype[name];
      if (name === 'set') install(prototype, { set(key, value) { $charge(4); return native.call(this, typeof key === 'string' ? $key(key) : key, value); } });
      else install(prototype, { [name]: { [name](key) { return native.call(this, typeof key === 'string' ? $key(key) : key); } }[name] });
    }
  };
  keyed(Map.prototype, ['get', 'set', 'has', 'delete']);
  keyed(Set.prototype, ['add', 'has', 'delete']);
  for (const [prototype, size] of [[Map.prototype, $sizeOfMap], [Set.prototype, $sizeOfSet]]) {
    const { forEach } = prototype;
    install(prototype, { forEach(callback, receiver) { $charge($apply(size, this, [])); return forEach.call(this, callback, receiver); } });
  }

  // Objects
  const object = Object, { assign, create, defineProperties, defineProperty, entries, freeze, fromEntries, keys, seal, values } = Object;
  const counted = names => {
    for (const name of names) {
      const native = object[name];
      install(object, { [name]: { [name](value) { if ($isObject(value)) $charge(4 + 2 * $ownKeys(value).length); else if (typeof value === 'string') $charge(value.length); return native(value); } }[name] });
    }
  };
  counted(['entries', 'freeze', 'getOwnPropertyDescriptors', 'getOwnPropertyNames', 'getOwnPropertySymbols', 'isFrozen', 'isSealed', 'keys', 'preventExtensions', 'seal', 'values']);
  const checkedKey = key => $slot(key);
  const checkedDescriptors = properties => { $props(properties); if (Object.hasOwn(properties, 'prototype')) $slot('prototype'); return properties; };
  const { hasOwn } = Object;
  install(object, {
    assign(target, ...sources) {
      for (let i = 0; i < sources.length; i++) {
        $props(sources[i]);
        if (typeof target === 'function' && $isObject(sources[i]) && hasOwn(sources[i], 'prototype')) $slot('prototype');
      }
      return assign(target, ...sources);
    },
    create(parent, properties) {
      if (parent !== null && $isObject(parent)) $chain(parent);
      return properties === undefined ? create(parent) : defineProperties(create(parent), checkedDescriptors(properties));
    },
    defineProperties(target, properties) { return defineProperties(target, checkedDescriptors(properties)); },
    defineProperty(target, key, descriptor) { return defineProperty(target, checkedKey(key), descriptor); },
    fromEntries(source) { return fromEntries($spread(source)); },
    hasOwn(target, key) { return hasOwn(target, $key(key)); },
  });
  {
    const native = Object;
    const wrapped = function Object(value) {
      if (new.target && new.target !== wrapped) return Reflect.construct(native, [], new.target);
      return native(value);
    };
    copyStatics(native, wrapped);
  }
  const reflect = Reflect, { construct, set: reflectSet, defineProperty: reflectDefine, ownKeys } = Reflect;
  install(reflect, {
    apply(callee, receiver, values) { return $apply(callee, receiver, $args(list(values))); },
    construct(callee, values, target) {
      $args(list(values));
      return target === undefined ? construct(callee, values) : construct(callee, values, target);
    },
    set(target, key, value) { return reflectSet(target, $slot(key), value); },
    defineProperty(target, key, descriptor) { return reflectDefine(target, $slot(key), descriptor); },
    ownKeys(target) { const found = ownKeys(target); $charge(4 + 2 * found.length); return found; },
  });

  // Functions
  const { bind } = Function.prototype, apply = Function.prototype.apply, bound = new WeakMap(), boundDepth = bound.get.bind(bound), setBound = bound.set.bind(bound);
  install(Function.prototype, {
    apply(receiver, values) { return $apply(this, receiver, values === undefined || values === null ? [] : $args(list(values))); },
    bind(...values) {
      const depth = (boundDepth(this) ?? 0) + 1;
      if (depth > 16) $stop('BindLimit', 'A function is bound more than 16 times.');
      $charge(20);
      const result = $apply(bind, this, values);
      setBound(result, depth);
      return result;
    },
  });

  // Promises: a reaction begins on an empty stack.
  const { then } = Promise.prototype;
  install(Promise.prototype, {
    then(fulfilled, rejected) {
      $charge(30);
      return then.call(this,
        typeof fulfilled === 'function' ? value => { $d = 0; return fulfilled(value); } : fulfilled,
        typeof rejected === 'function' ? error => { $d = 0; $c(error); return rejected(error); } : rejected);
    },
  });
  for (const name of ['all', 'allSettled', 'any', 'race']) {
    const native = Promise[name];
    install(Promise, { [name]: { [name](source) { const items = $spread(source); $charge((items?.length ?? 0) * 40); return native.call(this, items); } }[name] });
  }
}
