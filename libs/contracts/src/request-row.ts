import * as z from 'zod';
import type { ErrorCode } from './errors';

export const Done = z.object({}).meta({ description: 'Nothing to tell: it is done.' });

interface RequestRow<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  summary: string;
  payload: P;
  reply: R;
  errors: readonly ErrorCode[];
}

export const request = <P extends z.ZodType, R extends z.ZodType>(row: RequestRow<P, R>) => row;
