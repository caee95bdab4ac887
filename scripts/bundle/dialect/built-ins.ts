const words = (text: string): string[] => text.trim().split(/\s+/);

/** Globals that ES5 and typed arrays give every engine. */
const COMMON = words(`
  Array ArrayBuffer Boolean Date Error Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array JSON
  Math NaN Number Object ReferenceError RegExp String SyntaxError TypeError Uint16Array Uint32Array Uint8Array
  Uint8ClampedArray isFinite isNaN parseFloat parseInt undefined print`);

/** Probed on Espruino 2v29; boards add their chip's object. */
export const ESPRUINO_GLOBALS: ReadonlySet<string> = new Set([
  ...COMMON,
  ...words(`
    DataView E ESP32 ESP8266 Graphics I2C1 I2C2 I2C3 InternalError LED1 LED2 BTN1 Modules Pin Promise SPI1 SPI2 SPI3
    Serial1 Serial2 Serial3 Storage USB Uint24Array NRF analogRead analogWrite changeInterval clearInterval
    clearTimeout clearWatch console decodeURIComponent eval digitalPulse digitalRead digitalWrite encodeURIComponent
    getTime global globalThis load pinMode process require setInterval setTime setTimeout setWatch shiftOut trace
    atob btoa I2C SPI Serial OneWire Waveform`),
]);

/** Pins are globals: D21, A0, B3. */
export const ESPRUINO_PINS = /^[A-H]\d{1,2}$/;

/** Probed on JerryScript 3.0 (es.next); the embedder adds what it calls in. */
export const JERRYSCRIPT_GLOBALS: ReadonlySet<string> = new Set([
  ...COMMON,
  ...words(`
    BigInt DataView EvalError Map Promise Proxy RangeError Reflect Set Symbol URIError WeakMap WeakRef WeakSet
    decodeURI decodeURIComponent encodeURI encodeURIComponent escape globalThis unescape`),
]);

/** Probed on MicroQuickJS of 2026-01, command mqjs. */
export const MICROQUICKJS_GLOBALS: ReadonlySet<string> = new Set([
  ...COMMON,
  ...words(`EvalError InternalError RangeError URIError clearTimeout console globalThis load performance setTimeout`),
]);

/** Probed on Espruino 2v29. */
export const ESPRUINO_MISSING_MEMBERS: ReadonlySet<string> = new Set(
  words(`
    Array.from Array.of Date.UTC Math.acosh Math.asinh Math.atanh Math.cbrt Math.clz32 Math.cosh Math.expm1 Math.fround
    Math.hypot Math.imul Math.log10 Math.log1p Math.log2 Math.sinh Math.tanh Math.trunc Number.EPSILON
    Number.MAX_SAFE_INTEGER Number.MIN_SAFE_INTEGER Number.isFinite Number.isInteger Number.isNaN Number.isSafeInteger
    Number.parseFloat Number.parseInt Object.freeze Object.is Object.isExtensible Object.isFrozen Object.isSealed
    Object.preventExtensions Object.seal Promise.allSettled Promise.any Promise.race String.fromCodePoint String.raw`),
);

/** Probed on Espruino 2v29. */
export const ESPRUINO_MISSING_METHODS: ReadonlySet<string> = new Set(
  words(`
    at codePointAt copyWithin entries finally findLast flat flatMap isPrototypeOf lastIndexOf localeCompare matchAll
    normalize propertyIsEnumerable reduceRight search toExponential toLocaleString toPrecision trimEnd trimStart`),
);

/** Probed on MicroQuickJS of 2026-01. */
export const MICROQUICKJS_MISSING_MEMBERS: ReadonlySet<string> = new Set(
  words(`
    Array.from Array.of Date.UTC Date.parse Math.acosh Math.asinh Math.atanh Math.cbrt Math.cosh Math.expm1 Math.hypot
    Math.log1p Math.sinh Math.tanh Number.isFinite Number.isInteger Number.isNaN Number.isSafeInteger Object.assign
    Object.defineProperties Object.entries Object.freeze Object.fromEntries Object.getOwnPropertyDescriptor
    Object.getOwnPropertyNames Object.is Object.isExtensible Object.isFrozen Object.isSealed Object.preventExtensions
    Object.seal Object.values String.raw`),
);

/** Probed on MicroQuickJS of 2026-01. Arrays and typed arrays together: a typed array lacks `indexOf` and others too. */
export const MICROQUICKJS_MISSING_METHODS: ReadonlySet<string> = new Set(
  words(`
    at copyWithin endsWith entries fill find findIndex findLast flat flatMap includes isPrototypeOf localeCompare
    matchAll normalize padEnd padStart propertyIsEnumerable startsWith substr toLocaleString`),
);
