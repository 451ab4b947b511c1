import ArgumentParser

/// What `train` does about memory.
struct MemoryArguments: ParsableArguments {
  @Flag(help: "Print the memory that the training will take, part by part, and what there is; train nothing.")
  var plan = false

  @Flag(help: "Train even where more memory is needed than there is: the system may swap, or end the program.")
  var allowSwap = false
}
