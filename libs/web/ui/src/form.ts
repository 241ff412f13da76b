// An entry point of its own: exports of the library's main entry point are part of the first load.
export { Choices, type Choice } from './choice';
export { Field } from './field';
export { QrCode } from './qr-code';
export { Switch } from './switch';
export { ToneChoice } from './tone-choice';
