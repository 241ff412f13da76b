/** Returns the retention in its natural unit. */
export function retentionOf(retentionMs: number): { unit: 'keptHours' | 'keptDays'; count: number } {
  const hours = Math.max(1, Math.round(retentionMs / 3_600_000));
  return hours <= 48 ? { unit: 'keptHours', count: hours } : { unit: 'keptDays', count: Math.round(hours / 24) };
}
