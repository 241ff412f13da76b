// An entrance of its own: what comes through the library's first one is part of the first load.
export { Choices, type Choice } from './choice';
export { Field } from './field';
export { QrCode } from './qr-code';
export { Switch } from './switch';
export { ToneChoice } from './tone-choice';
