// Most of these tests wait for brokers that are slow on purpose, each for a cluster of its own.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(4)]
