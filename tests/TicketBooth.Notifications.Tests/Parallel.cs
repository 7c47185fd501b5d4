// Each fixture has a database of its own; where a test swaps the console, its fixture says that it runs alone.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(3)]
