export async function main(...args: unknown[]): Promise<void> {
  console.log(args)
}
