import type * as z from 'zod';

interface FactRow<P extends z.ZodType = z.ZodType> {
  summary: string;
  payload: P;
}

export const fact = <P extends z.ZodType>(row: FactRow<P>) => row;
