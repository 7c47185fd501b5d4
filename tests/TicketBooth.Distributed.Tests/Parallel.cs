// A fixture has hosts and databases of its own, and servers of its own to stop; its tests share them, one after the other. Fixtures wait a good deal: for a
// server to come back, for holds to end.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]
