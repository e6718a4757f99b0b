using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Jarn.Runner.Data;

/// <summary>The progress of a download, in bytes.</summary>
public readonly record struct DownloadProgress(string FileName, long Received, long Total);

/// <summary>A file could not be had from any mirror; the message says why, mirror by mirror.</summary>
public sealed class DownloadFailedException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>How long a download waits for a mirror.</summary>
/// <param name="Connect">The time to resolve its name and connect.</param>
/// <param name="Silence">The time until the first or the next bytes.</param>
public sealed record DownloadPatience(TimeSpan Connect, TimeSpan Silence)
{
    /// <summary>Two mirrors that cannot be reached cost six seconds.</summary>
    public static DownloadPatience Default { get; } = new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(20));
}

/// <summary>
/// Downloads files of known length and MD5. The pin makes all mirrors alike: what one mirror began (in a ".part" file), another
/// resumes, and a wrong byte anywhere shows at the end.
/// </summary>
public sealed class Downloader : IDisposable
{
    private readonly HttpClient _client;
    private readonly DownloadPatience _patience;

    public Downloader(DownloadPatience? patience = null)
    {
        _patience = patience ?? DownloadPatience.Default;
        // The timeouts are per step, not for the whole: a slow line may take an hour.
        _client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = _patience.Connect }) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("jarn", null));
    }

    /// <summary>Downloads a file to <paramref name="folder"/>, from the first mirror whose copy is intact.</summary>
    /// <param name="mirrors">The mirrors' base addresses, in the order in which they are tried.</param>
    /// <param name="folder">The folder, which is created if it doesn't exist.</param>
    /// <param name="progress">Receives the progress after each chunk.</param>
    /// <param name="cancellation">Stops the download. The ".part" file stays, and the next download resumes it.</param>
    /// <exception cref="DownloadFailedException">No mirror has an intact copy, or the folder can't be written.</exception>
    public async Task FetchAsync(
        SourceFile file, IReadOnlyList<Uri> mirrors, string folder, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string path = Path.Combine(folder, file.Name);
        List<string> failures = [];
        try
        {
            Directory.CreateDirectory(folder);
            foreach (Uri mirror in mirrors)
            {
                try
                {
                    await FetchFromAsync(mirror, file, path, progress, cancellation);
                    return;
                }
                catch (MirrorException exception)
                {
                    failures.Add($"{mirror.Host}: {exception.Message}");
                }
            }
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new DownloadFailedException($"{path} cannot be written ({exception.Message.TrimEnd('.')})", exception);
        }
        throw new DownloadFailedException($"{file.Name} could not be downloaded ({string.Join("; ", failures)})");
    }

    public void Dispose() => _client.Dispose();

    private async Task FetchFromAsync(
        Uri mirror, SourceFile file, string path, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string part = $"{path}.part";
        // Also keeps a second process from writing the same file.
        FileStream stream = new(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            await using (stream)
            {
                await FillAsync(new Uri(mirror, file.Name), file, stream, progress, cancellation);
            }
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            DeleteIfEmpty(part);
        }
    }

    /// <summary>Brings <paramref name="stream"/> to the file's content, and to the disk.</summary>
    private async Task FillAsync(
        Uri address, SourceFile file, FileStream stream, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        bool resumed = stream.Length > 0;
        await TransferAsync(address, file, stream, progress, cancellation);
        if (resumed && await Md5Async(stream, cancellation) != file.Md5)
        {
            // Old bytes may be to blame rather than this mirror's.
            stream.SetLength(0);
            await TransferAsync(address, file, stream, progress, cancellation);
        }
        string md5 = await Md5Async(stream, cancellation);
        if (md5 != file.Md5)
        {
            stream.SetLength(0);
            throw new MirrorException($"md5 {md5} instead of {file.Md5}");
        }
        stream.Flush(flushToDisk: true);
    }

    private static void DeleteIfEmpty(string part)
    {
        if (new FileInfo(part) is { Exists: true, Length: 0 } empty)
        {
            empty.Delete();
        }
    }

    /// <summary>Brings <paramref name="stream"/> to the file's length, going on from its end where the server can.</summary>
    private async Task TransferAsync(
        Uri address, SourceFile file, FileStream stream, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        if (stream.Length > file.Length)
        {
            stream.SetLength(0);
        }
        if (stream.Length == file.Length)
        {
            return;
        }
        using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            silence.CancelAfter(_patience.Silence);
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            if (stream.Length > 0)
            {
                request.Headers.Range = new RangeHeaderValue(stream.Length, null);
            }
            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            Position(stream, response, file);
            await using Stream body = await response.Content.ReadAsStreamAsync(silence.Token);
            byte[] buffer = new byte[1 << 16];
            while (true)
            {
                progress?.Report(new DownloadProgress(file.Name, stream.Position, file.Length));
                silence.CancelAfter(_patience.Silence);
                int read = await body.ReadAsync(buffer, silence.Token);
                if (read == 0)
                {
                    break;
                }
                if (stream.Position + read > file.Length)
                {
                    throw new MirrorException($"more than the {file.Length} bytes expected");
                }
                await WriteAsync(stream, buffer.AsMemory(0, read), cancellation);
            }
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new MirrorException(
                exception.InnerException is TimeoutException ? "no connection in time" : "no more data came in time", exception);
        }
        catch (HttpRequestException exception)
        {
            throw new MirrorException(exception.Message.TrimEnd('.'), exception);
        }
        // Of the body only: writing has its own name for it, see below.
        catch (IOException exception)
        {
            throw new MirrorException($"the connection broke ({exception.Message.TrimEnd('.')})", exception);
        }
        catch (LocalFileException exception)
        {
            throw new IOException(exception.Message, exception);
        }
        if (stream.Length != file.Length)
        {
            throw new MirrorException($"it ended after {stream.Length} of {file.Length} bytes");
        }
    }

    /// <summary>Puts the stream where the response's body belongs: at its end for the range asked for, at the beginning for the whole file.</summary>
    private static void Position(FileStream stream, HttpResponseMessage response, SourceFile file)
    {
        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            ContentRangeHeaderValue? range = response.Content.Headers.ContentRange;
            if (range?.From != stream.Length || range.Length is long total && total != file.Length)
            {
                throw new MirrorException($"it sent the range {range} instead of {stream.Length}-{file.Length - 1}/{file.Length}");
            }
            stream.Position = stream.Length;
            return;
        }
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new MirrorException(string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode} {response.ReasonPhrase}"));
        }
        if (response.Content.Headers.ContentLength is long length && length != file.Length)
        {
            throw new MirrorException($"{length} bytes instead of {file.Length}");
        }
        stream.SetLength(0);
    }

    private static async Task WriteAsync(FileStream stream, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync(bytes, cancellation);
        }
        catch (IOException exception)
        {
            throw new LocalFileException(exception.Message, exception);
        }
    }

    private static async Task<string> Md5Async(FileStream stream, CancellationToken cancellation)
    {
        stream.Position = 0;
        return Convert.ToHexStringLower(await MD5.HashDataAsync(stream, cancellation));
    }

    /// <summary>Thrown if a mirror fails; the next one is tried then.</summary>
    private sealed class MirrorException(string message, Exception? cause = null) : Exception(message, cause);

    /// <summary>The disk failed, and would with every mirror.</summary>
    private sealed class LocalFileException(string message, Exception cause) : Exception(message, cause);
}
