export * from './errors';
export * from './graphemes';
export * from './limits';
export * from './text';
export * from './resources';
export * from './requests';
export * from './facts';
export * from './routes';
