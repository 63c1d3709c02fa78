// Ends as native code does that follows a bad pointer.
process.once('message', () => process.kill(process.pid, 'SIGSEGV'));
