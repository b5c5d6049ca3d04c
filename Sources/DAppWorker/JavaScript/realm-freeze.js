'use strict';
// Last step: everything that contracts share becomes immutable, so nothing can pass from one call to the next.

{
  delete globalThis.entries;
  delete globalThis.Function;
  const seen = new Set(), queue = [globalThis];
  const arrayIterator = $parentOf([][Symbol.iterator]());
  for (const hidden of [
    arrayIterator, $parentOf(arrayIterator), $parentOf(new Map()[Symbol.iterator]()), $parentOf(new Set()[Symbol.iterator]()),
    $parentOf(''[Symbol.iterator]()), $parentOf((function* () {}).prototype), (function* () {}).constructor.prototype,
    $parentOf(function* () {}), $parentOf(async () => {}), $parentOf(async function* () {}), $parentOf((async function* () {}).prototype),
    $parentOf(Int8Array), $library, $over,
  ]) queue.push(hidden);
  while (queue.length > 0) {
    const object = queue.pop();
    if (!$isObject(object) || seen.has(object)) continue;
    seen.add(object);
    for (const key of $ownKeys(object)) {
      const descriptor = $descriptor(object, key);
      if ('value' in descriptor) queue.push(descriptor.value);
      else queue.push(descriptor.get, descriptor.set);
    }
    queue.push($parentOf(object));
    if (object !== globalThis) $freeze(object);
  }
  for (const key of $ownKeys(globalThis)) {
    const descriptor = $descriptor(globalThis, key);
    if (descriptor.configurable && 'value' in descriptor) Object.defineProperty(globalThis, key, { value: descriptor.value, writable: false, configurable: false });
  }
  Object.preventExtensions(globalThis);
}
