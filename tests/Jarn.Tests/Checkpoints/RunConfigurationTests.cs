using Jarn.Runner;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Tests.Data;

namespace Jarn.Tests.Checkpoints;

/// <summary>A config.json that somebody has changed.</summary>
public sealed class RunConfigurationTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("\"batch_size\": 4", "\"batch_size\": -4", "--batch-size is -4")]
    [TestCase("\"epochs\": 2", "\"epochs\": null", "--epochs and --steps are both left out")]
    [TestCase("\"optimiser\": \"adam\"", "\"optimiser\": 7", "--optimiser is 7")]
    [TestCase("\"device\": \"cpu\"", "\"device\": -1", "--device is -1")]
    [TestCase("\"name\": \"standard\"", "\"name\": \"none\"", "there is no method none")]
    [TestCase("\"epsilon\": 0.3", "\"epsilon\": 3", "ε is from 0 to 1")]
    [TestCase("\"name\": \"mnist-cnn\"", "\"name\": \"wide-resnet\", \"depth\": 9", "--depth is 9")]
    [TestCase("\"fgsm\"", "\"fgsn\"", "there is no attack fgsn")]
    [TestCase("\"keep\": 2", "\"keep\": 0", "its checkpoint schedule is invalid")]
    [TestCase("\"dataset\": \"mnist\"", "\"dataset\": \"mnisst\"", "there is no data set mnisst")]
    public void A_config_json_with_values_that_no_option_could_give_is_refused(string text, string other, string reason)
    {
        string path = _folder["config.json"];
        TrainingConfiguration configuration = new ToyRun(ToyRun.Options("standard")).Configuration;
        JsonFile.Write(
            path, new RunConfiguration(configuration, Versions.Current, "cpu: some", "mnist-sketch", null, [], RunConfiguration.TrainVerb));
        string written = File.ReadAllText(path);
        Assert.That(RunConfiguration.Read(path).Options.Method, Is.EqualTo("standard"));
        Assert.That(written, Does.Contain(text));
        File.WriteAllText(path, written.Replace(text, other, StringComparison.Ordinal));
        Assert.That(
            () => RunConfiguration.Read(path),
            Throws.InstanceOf<UserErrorException>().With.Message.StartsWith($"{path} ").And.Message.Contains(reason));
    }

    [Test]
    public void Any_mutation_of_config_json_is_read_or_refused()
    {
        new ToyRun(ToyRun.Options("standard")).Interrupt(_folder["run"], steps: 1);
        string path = Path.Combine(_folder["run"], "config.json");
        byte[] whole = File.ReadAllBytes(path);
        Random random = new(7);
        const int trials = 2000;
        int refused = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            File.WriteAllBytes(path, trial % 2 == 0 ? Mutation.Of(whole, random, whole.Length) : WithAnotherNumber(whole, random));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                RunConfiguration read = RunConfiguration.Read(path);
                _ = read.Options.Request;
                _ = RunIdentity.Of(read.Options, ToyRun.Digits).Fingerprint;
            }
            catch (UserErrorException exception)
            {
                Assert.That(exception.Message, Does.Contain(path));
                refused++;
            }
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
        }
        Assert.That(refused, Is.InRange(trials / 2, trials * 9 / 10));
    }

    /// <summary>Still JSON, or nearly.</summary>
    private static byte[] WithAnotherNumber(byte[] whole, Random random)
    {
        int[] digits = [.. Enumerable.Range(0, whole.Length).Where(place => char.IsAsciiDigit((char)whole[place]))];
        byte[] mutant = [.. whole];
        mutant[digits[random.Next(digits.Length)]] = "0123456789-e"u8[random.Next(12)];
        return mutant;
    }
}
