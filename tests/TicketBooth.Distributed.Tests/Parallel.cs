// Every case has hosts and databases of its own, and a server of its own to stop. Most of them wait: for a server to come back, for holds to end.
[assembly: Parallelizable(ParallelScope.All)]
[assembly: LevelOfParallelism(2)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
