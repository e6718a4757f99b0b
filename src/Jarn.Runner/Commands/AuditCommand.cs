using System.Diagnostics;
using System.Security.Cryptography;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Evaluation;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting;
using Jarn.Runner.Reporting.Page;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn audit</c>: saved classifiers, images, AutoAttack, checks, verdicts.</summary>
public static class AuditCommand
{
    public static int Run(AuditOptions options)
    {
        AuditPlan plan = AuditPlan.Of(options);
        string? page = options.Output is null ? null : OptionValue.NewFile("--output", options.Output, ".html", ".htm");
        IDisplay display = Display.For(options.Quiet);
        using IDevice device = DeviceChoice.Of(options).Open();
        List<OpenAudit> opened = [];
        List<AuditResults> audits = [];
        try
        {
            // A fault of the last one is better known now than after the audits of the others.
            opened.AddRange(options.Checkpoints.Distinct().Select(checkpoint => Open(checkpoint, options, plan, device, display)));
            using Interruption interruption = Interruption.OfProcess();
            interruption.EndAtOnce("interrupted: the same command continues where AutoAttack stopped");
            foreach (OpenAudit audit in opened)
            {
                audits.Add(Audit(audit, plan, device, display));
                if (RunDirectory.Existing(audit.Checkpoint) is { IsFinished: true } run && File.Exists(run.Report))
                {
                    ReportCommand.Write(run, new RunOutputs(Report: true, TensorBoard: false), options.DataDirectory, images: null, device, display);
                }
            }
        }
        finally
        {
            opened.ForEach(audit => audit.Dispose());
        }
        if (page is not null)
        {
            AuditPage.Write(page, audits);
            Console.WriteLine($"Page: {page}");
        }
        return 0;
    }

    /// <summary>Reads all that an audit needs, and makes sure that it can be kept.</summary>
    private static OpenAudit Open(string checkpoint, AuditOptions options, AuditPlan plan, IDevice device, IDisplay display)
    {
        List<Network> opened = [];
        try
        {
            (Network classifier, ModelOrigin origin) = ModelFile.Read(checkpoint, device);
            opened.Add(classifier);
            Heeding.Require(options, classifier);
            List<(string Name, Network Classifier)> sources = [];
            Dictionary<string, ClassifierDescription> descriptions = new() { [checkpoint] = origin.Description };
            foreach (string path in options.Sources.Distinct().Where(path => path != checkpoint))
            {
                (Network source, ModelOrigin sourceOrigin) = ModelFile.Read(path, device);
                opened.Add(source);
                sources.Add((path, source));
                descriptions.Add(path, sourceOrigin.Description);
            }
            (_, Dataset data) = EvaluationData.Load(checkpoint, origin, options.Dataset, options, limit: null, display);
            foreach ((string path, ClassifierDescription description) in descriptions)
            {
                EvaluationData.RequireFit(description, path, data);
            }
            AuditStore store = AuditStore.Of(checkpoint);
            store.Prepare();
            AttackedImages images = BalancedSubset.Of(data.Test, Math.Min(plan.Examples, data.Test.Count));
            AuditSubject subject = new(
                Attacked(classifier), images, ThreatModel.LInf(plan.Epsilon ?? origin.Epsilon), plan.Seed,
                [.. sources.Select(source => (source.Name, Attacked(source.Classifier)))]);
            return new OpenAudit(checkpoint, origin, data, subject, store, opened);

            IClassifier Attacked(Network network) => new AttackedNetwork(device, network, data.Test.Shape, data.Test.ClassCount, plan.Statistics);
        }
        catch
        {
            opened.ForEach(network => network.Dispose());
            throw;
        }
    }

    private static AuditResults Audit(OpenAudit audit, AuditPlan plan, IDevice device, IDisplay display)
    {
        (string checkpoint, ModelOrigin origin, Dataset data, AuditSubject subject, AuditStore store) =
            (audit.Checkpoint, audit.Origin, audit.Data, audit.Subject, audit.Store);
        int images = subject.Images.Count;
        display.Note($"{origin.Method} of {checkpoint} on {data.Name} ({images} of {data.Test.Count} test images from {data.Origin}), "
            + $"{device.Description.Title}");
        IReadOnlyList<Attack> attacks = plan.Plus ? AutoAttack.Plus(subject.Threat, plan.Seed) : AutoAttack.Standard(subject.Threat, plan.Seed);
        AutoAttackSubject identity = new(
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(ModelFile.PathOf(checkpoint)))), data.Name, images,
            subject.Threat.Epsilon, plan.Seed);
        long start = Stopwatch.GetTimestamp();
        AuditFindings findings;
        try
        {
            findings = Auditor.Run(subject, attacks, store.AutoAttack(identity, attacks), display);
        }
        catch (NonFiniteLogitsException exception)
        {
            throw new UserErrorException($"{checkpoint}: {UserErrorException.SentenceOf(exception)}", exception);
        }
        AuditResults results = new(
            checkpoint, origin.Method, origin.Dataset, data.Name, data.StandInReason, images, subject.Threat.Epsilon,
            [.. attacks.Select(attack => attack.Name)], plan.Seed, plan.Statistics, [.. subject.Sources.Select(source => source.Name)],
            Stopwatch.GetElapsedTime(start).TotalSeconds, device.Description.Title, Versions.Current, findings);
        string kept = store.Write(results);
        AuditTable.Print(Terminal.Output, results);
        Console.WriteLine($"Audit: {kept}");
        foreach (string note in AuditTitles.Beside(store, results, origin.Epsilon))
        {
            Console.WriteLine(note);
        }
        return results;
    }

    private sealed record OpenAudit(
        string Checkpoint, ModelOrigin Origin, Dataset Data, AuditSubject Subject, AuditStore Store, IReadOnlyList<Network> Networks) : IDisposable
    {
        public void Dispose()
        {
            foreach (Network network in Networks)
            {
                network.Dispose();
            }
        }
    }

    private sealed record AuditPlan(bool Plus, int Examples, double? Epsilon, ulong Seed, BatchStatistics Statistics)
    {
        public static AuditPlan Of(AuditOptions options) => new(
            OptionValue.Choice("--version", options.Version, "plus", "standard"),
            OptionValue.AtLeastOne("--examples", options.Examples),
            options.Epsilon is null ? null : OptionValue.Epsilon("--epsilon", options.Epsilon),
            options.Seed,
            OptionValue.Choice("--bn-mode", options.BatchNormMode, "batch", "running") ? BatchStatistics.Batch : BatchStatistics.Running);
    }
}
