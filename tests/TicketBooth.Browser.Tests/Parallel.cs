// Every fixture has hosts and browser windows of its own. Pages wait more than they work.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]
