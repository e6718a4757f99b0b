using System.Net;
using System.Net.Sockets;
using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

public class DownloaderTests
{
    private const string Name = "numbers.gz";
    private static readonly Uri _dead = new($"http://127.0.0.1:{MirrorServer.FreePort()}/");

    private readonly byte[] _content = new byte[300_000];
    private SourceFile _file = null!;
    private TemporaryFolder _folder = null!;
    private MirrorServer _server = null!;
    private Downloader _downloader = null!;

    [SetUp]
    public void SetUp()
    {
        new Random(3).NextBytes(_content);
        _file = IdxFiles.Pinned(Name, _content);
        _folder = new TemporaryFolder();
        _server = new MirrorServer { Files = { [Name] = _content } };
        _downloader = new Downloader();
    }

    [TearDown]
    public void TearDown()
    {
        _downloader.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Downloads_and_reports_progress()
    {
        List<DownloadProgress> reports = [];
        await _downloader.FetchAsync(_file, [_server.Address], _folder["new/deep"], new Synchronous(reports.Add), default);
        Assert.That(File.ReadAllBytes(_folder["new/deep/numbers.gz"]), Is.EqualTo(_content));
        Assert.That(Directory.GetFiles(_folder["new/deep"]), Has.Length.EqualTo(1));
        Assert.That(reports[0], Is.EqualTo(new DownloadProgress(Name, 0, _content.Length)));
        Assert.That(reports[^1], Is.EqualTo(new DownloadProgress(Name, _content.Length, _content.Length)));
        Assert.That(reports.Select(report => report.Received), Is.Ordered);
    }

    [Test]
    public async Task Resumes_after_a_cut_even_from_another_mirror()
    {
        _server.CutAfter = 100_000;
        Assert.That(async () => await FetchAsync(_server.Address), Throws.TypeOf<DownloadFailedException>());
        long there = new FileInfo(_folder["numbers.gz.part"]).Length;
        Assert.That(there, Is.InRange(1, 100_000));
        Assert.That(File.Exists(_folder[Name]), Is.False);

        using MirrorServer other = new() { Files = { [Name] = _content } };
        await FetchAsync(other.Address);
        Assert.That(other.Requests, Is.EqualTo(new[] { $"{Name} from {there}" }));
        AssertDownloaded();
    }

    [Test]
    public async Task Begins_anew_where_the_server_ignores_ranges()
    {
        _server.SupportsRange = false;
        _folder.Write("numbers.gz.part", _content[..50_000]);
        await FetchAsync(_server.Address);
        Assert.That(_server.Requests, Is.EqualTo(new[] { $"{Name} from 50000" }));
        AssertDownloaded();
    }

    [TestCase(50_000)]
    [TestCase(300_000)]
    [TestCase(300_001)]
    public async Task Foreign_bytes_in_the_part_file_are_fetched_again(int length)
    {
        _folder.Write("numbers.gz.part", new byte[length]);
        await FetchAsync(_server.Address);
        Assert.That(_server.Requests[^1], Is.EqualTo(Name));
        AssertDownloaded();
    }

    [Test]
    public async Task A_complete_part_file_needs_no_server()
    {
        _folder.Write("numbers.gz.part", _content);
        await FetchAsync(_dead);
        AssertDownloaded();
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(1)]
    public async Task A_mirror_with_another_content_is_passed_over(int longer)
    {
        byte[] wrong = new byte[_content.Length + longer];
        using MirrorServer bad = new() { Files = { [Name] = wrong } };
        await FetchAsync(bad.Address, _server.Address);
        Assert.That(_server.Requests, Is.EqualTo(new[] { Name }));
        AssertDownloaded();
    }

    [Test]
    public void When_all_mirrors_fail_the_message_says_how()
    {
        using MirrorServer empty = new();
        using MirrorServer bad = new() { Files = { [Name] = new byte[_content.Length] } };
        Assert.That(
            async () => await FetchAsync(empty.Address, bad.Address),
            Throws.TypeOf<DownloadFailedException>().With.Message.Contains("HTTP 404").And.Message.Contains($"instead of {_file.Md5}"));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void A_dead_and_a_silent_mirror_are_given_up()
    {
        // Accepts connections, in its backlog, and never answers.
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        Uri address = new($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/");
        using Downloader hasty = new(DownloadPatience.Default with { Silence = TimeSpan.FromSeconds(0.2) });
        Assert.That(
            async () => await hasty.FetchAsync(_file, [_dead, address], _folder.Path, null, default),
            Throws.TypeOf<DownloadFailedException>().With.Message.Contains("127.0.0.1: no more data came in time"));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public async Task Cancelling_leaves_what_came_for_the_next_time()
    {
        using CancellationTokenSource cancellation = new();
        Synchronous progress = new(report =>
        {
            if (report.Received > 0)
            {
                cancellation.Cancel();
            }
        });
        Assert.That(
            async () => await _downloader.FetchAsync(_file, [_server.Address, _dead], _folder.Path, progress, cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(File.Exists(_folder[Name]), Is.False);
        Assert.That(new FileInfo(_folder["numbers.gz.part"]).Length, Is.Positive);
        await FetchAsync(_server.Address);
        AssertDownloaded();
    }

    [Test]
    public void A_folder_that_cannot_be_made_is_no_mirrors_fault()
    {
        _folder.Write("file", [1]);
        Assert.That(
            async () => await _downloader.FetchAsync(_file, [_server.Address], _folder["file/folder"], null, default),
            Throws.TypeOf<DownloadFailedException>().With.Message.Contains("cannot be written"));
        Assert.That(_server.Requests, Is.Empty);
    }

    private Task FetchAsync(params Uri[] mirrors) => _downloader.FetchAsync(_file, mirrors, _folder.Path, null, default);

    private void AssertDownloaded()
    {
        Assert.That(File.ReadAllBytes(_folder[Name]), Is.EqualTo(_content));
        Assert.That(File.Exists(_folder["numbers.gz.part"]), Is.False);
    }

    /// <summary><see cref="Progress{T}"/> would report later and on other threads.</summary>
    private sealed class Synchronous(Action<DownloadProgress> report) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => report(value);
    }
}
