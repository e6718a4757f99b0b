namespace Jarn.Tests;

/// <summary>Categories of tests that are left out or run apart from the others.</summary>
public static class TestCategory
{
    /// <summary>
    /// What takes long and seldom finds what the others don't: every kernel through a compiler, browsers, witnesses, every documented command as a
    /// process. <c>.ci/run</c> runs it (thorough.runsettings); <c>dotnet test</c> leaves it out (quick.runsettings).
    /// </summary>
    public const string Thorough = "Thorough";
}
