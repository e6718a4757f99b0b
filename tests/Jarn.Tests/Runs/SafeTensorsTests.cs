using System.Buffers.Binary;
using System.Text;
using Jarn.Models;
using Jarn.Runner;
using Jarn.Runner.Experiments.Runs;
using Jarn.Tests.Data;
using Jarn.Tests.Export;

namespace Jarn.Tests.Runs;

public class SafeTensorsTests
{
    private static readonly Dictionary<string, string> _nothing = [];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    private static NamedTensor[] Some() =>
    [
        new("layer.weight", [2, 3], [1, -2, 3.5f, float.Epsilon, float.NaN, float.NegativeInfinity]),
        new("größe \"\\", [], [7]),
        new("empty", [0, 4], []),
        new("bias", [3], [0, -0f, 1e-30f]),
    ];

    [Test]
    public void Reads_what_it_wrote_bit_by_bit()
    {
        SafeTensors.Write(_folder["m"], Some(), new Dictionary<string, string> { ["method"] = "jarn", ["a"] = "ü" });
        TensorFile read = SafeTensors.Read(_folder["m"]);
        Assert.That(read.Metadata, Is.EquivalentTo(new Dictionary<string, string> { ["method"] = "jarn", ["a"] = "ü" }));
        Assert.That(read.Tensors, Has.Count.EqualTo(Some().Length));
        foreach ((NamedTensor expected, NamedTensor actual) in Some().Zip(read.Tensors))
        {
            Assert.That(actual.Name, Is.EqualTo(expected.Name));
            Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
            Assert.That(actual.Values.Select(BitConverter.SingleToInt32Bits), Is.EqualTo(expected.Values.Select(BitConverter.SingleToInt32Bits)));
        }
    }

    [Test]
    public void The_bytes_are_those_of_the_format()
    {
        SafeTensors.Write(_folder["m"], [new("w", [1, 2], [1, 2])], new Dictionary<string, string> { ["k"] = "v" });
        string header = """{"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""";
        int padded = (header.Length + 7) / 8 * 8;
        byte[] expected = [(byte)padded, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(header.PadRight(padded)), 0, 0, 128, 63, 0, 0, 0, 64];
        Assert.That(File.ReadAllBytes(_folder["m"]), Is.EqualTo(expected));
    }

    [Test]
    public void The_same_content_gives_the_same_bytes()
    {
        SafeTensors.Write(_folder["a"], Some(), new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" });
        SafeTensors.Write(_folder["b"], Some(), new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" });
        Assert.That(File.ReadAllBytes(_folder["a"]), Is.EqualTo(File.ReadAllBytes(_folder["b"])));
    }

    [Test]
    public void Refuses_to_write_what_it_could_not_read()
    {
        Assert.That(() => SafeTensors.Write(_folder["m"], [new("w", [3], [1])], _nothing), Throws.ArgumentException);
        Assert.That(() => SafeTensors.Write(_folder["m"], [new("w", [1], [1]), new("w", [1], [1])], _nothing), Throws.ArgumentException);
        Assert.That(() => SafeTensors.Write(_folder["m"], [new("__metadata__", [1], [1])], _nothing), Throws.ArgumentException);
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    // Each beside 8 bytes of values.
    [TestCase("""{"w":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}""", "type F16")]
    [TestCase("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "byte range")]
    [TestCase("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "fill 4 bytes")]
    [TestCase("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "fill 12 bytes")]
    [TestCase("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "begins at byte 0")]
    [TestCase("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "begins at byte 4")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "byte range")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "byte range")]
    [TestCase("""{"w":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}""", "impossible shape")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,8]}}""", "impossible shape")]
    [TestCase("""{"w":{"dtype":"F32","shape":[99999999999],"data_offsets":[0,8]}}""", "malformed")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"dtype":"F32"}}""", "malformed")]
    [TestCase("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "malformed")]
    [TestCase("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0077":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "malformed")]
    [TestCase("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "malformed")]
    [TestCase("""{"w":{"dtype":null,"shape":[2],"data_offsets":[0,8]}}""", "type")]
    [TestCase("""{"w":{"shape":[2],"data_offsets":[0,8]}}""", "malformed")]
    [TestCase("""{"w":7}""", "malformed")]
    [TestCase("""{"__metadata__":{"a":1},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "malformed")]
    [TestCase("""[]""", "malformed")]
    [TestCase("""{""", "malformed")]
    [TestCase("", "malformed")]
    public void Refuses_a_bad_header(string header, string reason)
    {
        string path = _folder.Write("bad", Encode(Encoding.UTF8.GetBytes(header), new byte[8]));
        Assert.That(
            () => SafeTensors.Read(path), Throws.TypeOf<UserErrorException>().With.Message.Contains(reason).And.Message.Contains(path));
    }

    [Test]
    public void Refuses_a_header_that_is_no_text_or_too_long()
    {
        Assert.That(() => Read(Encode([(byte)'{', 0xff, (byte)'}'], [])), Throws.TypeOf<UserErrorException>().With.Message.Contains("UTF-8"));
        foreach (ulong claim in new[] { 3UL, 1UL << 40, ulong.MaxValue, (ulong)long.MaxValue })
        {
            byte[] file = Encode("{}"u8.ToArray(), []);
            BinaryPrimitives.WriteUInt64LittleEndian(file, claim);
            Assert.That(() => Read(file), Throws.TypeOf<UserErrorException>().With.Message.Contains("claims"));
        }
    }

    [Test]
    public void Refuses_an_absent_file() => Assert.That(() => SafeTensors.Read(_folder["absent"]), Throws.TypeOf<UserErrorException>());

    [Test]
    public void Any_mutation_is_read_or_refused()
    {
        SafeTensors.Write(_folder["m"], Some(), new Dictionary<string, string> { ["method"] = "jarn" });
        byte[] whole = File.ReadAllBytes(_folder["m"]);
        Random random = new(21);
        int refused = 0;
        for (int trial = 0; trial < 5000; trial++)
        {
            byte[] mutated = Mutation.Of(whole, random, headerLength: 24);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Read(mutated);
            }
            catch (UserErrorException)
            {
                refused++;
            }
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
        }
        Assert.That(refused, Is.InRange(1000, 4999));
    }

    [Test]
    public void Any_mutation_of_a_foreign_file_is_read_or_refused()
    {
        string[] types = ["BF16", "F16", "F64", "I64", "F32"];
        byte[] whole = ForeignTensors.File(
            [.. types.Select(type => (new NamedTensor(type == "I64" ? "norm.num_batches_tracked" : type, [2, 2], [1, 2, 3, 4]), type))]);
        Random random = new(8);
        int refused = 0;
        for (int trial = 0; trial < 3000; trial++)
        {
            using MemoryStream mutated = new(Mutation.Of(whole, random, headerLength: 300));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                SafeTensorsFormat.ReadConverting(mutated);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
        }
        Assert.That(refused, Is.InRange(1000, 2999));
    }

    private static TensorFile Read(byte[] file) => SafeTensors.Read(new MemoryStream(file), "m");

    private static byte[] Encode(byte[] header, byte[] values)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. values];
    }
}
