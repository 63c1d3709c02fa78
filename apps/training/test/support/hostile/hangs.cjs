// Reads a model for ever.
process.once('message', () => {
  for (;;);
});
