/**
 * Loaded into every process of the supervisor before its own program: when the supervisor is gone,
 * even by kill -9, the channel to it closes and the process stops as if told to.
 */
const END_MS = 30_000

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), END_MS).unref()
})
process.channel?.unref()
