// Takes memory until it is stopped.
process.once('message', () => {
  const eaten = [];
  const bite = () => {
    eaten.push(Buffer.alloc(32 * 1024 * 1024, 1));
    setTimeout(bite, 5);
  };
  bite();
});
