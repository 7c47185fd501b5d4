// No fixture stops a server that another one uses; what is stopped is a server of the test's own.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]
