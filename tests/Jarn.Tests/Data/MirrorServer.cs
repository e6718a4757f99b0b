using System.Net;
using System.Net.Sockets;

namespace Jarn.Tests.Data;

/// <summary>A small HTTP server on the loopback interface, as well or ill behaved as a test wants it.</summary>
internal sealed class MirrorServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public MirrorServer()
    {
        Address = new Uri($"http://127.0.0.1:{FreePort()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>By file name; anything else is a 404.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public bool SupportsRange { get; set; } = true;

    /// <summary>Every answer's connection breaks after so many bytes.</summary>
    public int? CutAfter { get; set; }

    /// <summary>"name" or "name from N", one a request.</summary>
    public List<string> Requests { get; } = [];

    public static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            try
            {
                await AnswerAsync(context);
            }
            catch (Exception exception) when (exception is HttpListenerException or IOException or ObjectDisposedException)
            {
                // The client went away.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        string name = context.Request.Url!.AbsolutePath.TrimStart('/');
        long from = context.Request.Headers["Range"] is string range ? long.Parse(range["bytes=".Length..].TrimEnd('-')) : 0;
        Requests.Add(from > 0 ? $"{name} from {from}" : name);
        HttpListenerResponse response = context.Response;
        if (!Files.TryGetValue(name, out byte[]? file))
        {
            response.StatusCode = 404;
            response.Close();
            return;
        }
        if (from > 0 && SupportsRange)
        {
            response.StatusCode = 206;
            response.Headers["Content-Range"] = $"bytes {from}-{file.Length - 1}/{file.Length}";
            file = file[(int)from..];
        }
        response.ContentLength64 = file.Length;
        if (CutAfter is int cut && cut < file.Length)
        {
            await response.OutputStream.WriteAsync(file.AsMemory(0, cut));
            await response.OutputStream.FlushAsync();
            response.Abort();
            return;
        }
        await response.OutputStream.WriteAsync(file);
        response.Close();
    }
}
