// An entry point of its own: exports of the library's main entry point are part of the first load.
export { Sheet } from './sheet';
