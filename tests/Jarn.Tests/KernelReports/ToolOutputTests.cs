using Jarn.Runner.Reporting.KernelReports;

namespace Jarn.Tests.KernelReports;

/// <summary>What NVIDIA's tools print, of releases 11.8 and 12, and what ILGPU's PTX says.</summary>
public sealed class ToolOutputTests
{
    private const string Verbose = """
        ptxas info    : 0 bytes gmem
        ptxas info    : Compiling entry function 'kernel0' for 'sm_80'
        ptxas info    : Function properties for kernel0
            16 bytes stack frame, 12 bytes spill stores, 8 bytes spill loads
        ptxas info    : Used 40 registers, 8704 bytes smem, 496 bytes cmem[0], 8 bytes cmem[2]
        ptxas info    : Function properties for Helper_12
            24 bytes stack frame, 4 bytes spill stores, 4 bytes spill loads
        ptxas info    : Compiling entry function 'kernel1' for 'sm_80'
        ptxas info    : Function properties for kernel1
            0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
        ptxas info    : Used 18 registers, used 1 barriers, 1024 bytes smem, 424 bytes cmem[0]
        ptxas info    : Compiling entry function 'kernel2' for 'sm_80'
        ptxas info    : Function properties for kernel2
            0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
        ptxas info    : Used 12 registers, 380 bytes cmem[0]
        """;

    // A loop around a loop, each with its branch back; code laid aside that comes back by a backward branch; and the branch to itself behind the end.
    private const string Listing = """
        	.headerflags	@"EF_CUDA_TEXMODE_UNIFIED"
        //--------------------- .text.kernel0      --------------------------
        	.section	.text.kernel0,"ax",@progbits
        	.sectioninfo	@"SHI_REGISTERS=40"
                .global         kernel0
        kernel0:
        .text.kernel0:
                /*0000*/                   IMAD.MOV.U32 R1, RZ, RZ, c[0x0][0x28] ;
        .L_x_2:
                /*0010*/                   LDG.E.128.CONSTANT R4, [R2.64] ;
                /*0020*/                   BSSY B0, `(.L_x_1) ;
                /*0030*/              @!P1 BRA `(.L_x_5) ;
        .L_x_6:
                /*0040*/                   LDGSTS.E.BYPASS.128 [R5], [R2.64] ;
        .L_x_1:
                /*0050*/                   LDS.128 R4, [R5] ;
                /*0060*/                   LDS.64 R8, [R8] ;
                /*0070*/                   FFMA R17, R8.reuse, R7, R17 ;
                /*0080*/                   FFMA R16, R8.reuse, R6, R16 ;
                /*0090*/              @!P0 BRA `(.L_x_1) ;
                /*00a0*/                   BAR.SYNC 0x0 ;
                /*00b0*/              @!P2 BRA `(.L_x_2) ;
                /*00c0*/                   STG.E [R2.64], R17 ;
                /*00d0*/                   EXIT ;
        .L_x_5:
                /*00e0*/                   IADD3 R2, R2, 0x1, RZ ;
                /*00f0*/                   BRA `(.L_x_6) ;
        .L_x_7:
                /*0100*/                   BRA `(.L_x_7);
                /*0110*/                   NOP;
        .L_x_8:
        //--------------------- .text.kernel1      --------------------------
        	.section	.text.kernel1,"ax",@progbits
        .text.kernel1:
                /*0000*/                   STG.E [R2.64], R17 ;
                /*0010*/                   EXIT ;
        """;

    [Test]
    public void The_assembler_says_what_each_kernel_uses_with_the_functions_it_calls()
    {
        IReadOnlyDictionary<string, AssemblerReport> reports = AssemblerReport.Parse(Verbose);
        Assert.That(reports.Keys, Is.EqualTo(["kernel0", "kernel1", "kernel2"]));
        Assert.That(
            reports["kernel0"], Is.EqualTo(new AssemblerReport(Registers: 40, SpillStores: 16, SpillLoads: 12, StackBytes: 24, SharedBytes: 8704)));
        Assert.That(reports["kernel1"], Is.EqualTo(new AssemblerReport(18, 0, 0, 0, 1024)));
        Assert.That(reports["kernel2"], Is.EqualTo(new AssemblerReport(12, 0, 0, 0, 0)));
    }

    [Test]
    public void The_innermost_loop_is_read_from_the_listing()
    {
        MachineCode code = MachineCode.Parse(Listing)["kernel0"];
        Assert.That(code.Instructions, Has.Count.EqualTo(18));
        Assert.That(code.HottestLoop()!.Select(instruction => instruction.Opcode), Is.EqualTo(["LDS.128", "LDS.64", "FFMA", "FFMA", "BRA"]));
        MachineReport report = MachineReport.Of(new AssemblerReport(40, 0, 0, 0, 8704), code, GpuArchitecture.Ampere, 256);
        Assert.That((report.WideLoads, report.Loop!.Instructions, report.Loop.Ffma, report.Loop.Hmma), Is.EqualTo((3, 5, 2, 0)));
        Assert.That(report.Loop.MultiplyAddShare, Is.EqualTo(0.4));
        Assert.That(report.Loop.SharedLoadBytes, Is.EqualTo(32 * (16 + 8)));
        Assert.That(report.Loop.Opcodes["FFMA"], Is.EqualTo(2));
    }

    [Test]
    public void Straight_code_has_no_loop() => Assert.That(MachineCode.Parse(Listing)["kernel1"].HottestLoop(), Is.Null);

    [Test]
    public void A_backward_branch_from_code_laid_aside_is_no_loop()
    {
        string straight = Listing.Replace("@!P0 BRA `(.L_x_1)", "IADD3 R2, R2, 0x1, RZ", StringComparison.Ordinal)
            .Replace("@!P2 BRA `(.L_x_2)", "IADD3 R2, R2, 0x1, RZ", StringComparison.Ordinal);
        Assert.That(MachineCode.Parse(straight)["kernel0"].HottestLoop(), Is.Null);
    }

    [Test]
    public void PTX_declares_its_shared_memory_and_wide_loads()
    {
        PtxFacts facts = PtxFacts.Of("""
            .visible .entry Kernel_Product(.param .align 8 .b8 _p_104000[144])
            {
            	.shared .align 16 .b8 __shared_alloca0[4352];
            	.shared .align 4 .f32 tile[32];
            	ld.shared.v4.f32	{%f1, %f2, %f3, %f4}, [%rd1];
            	ld.global.nc.v2.b64	{%rd1, %rd2}, [%rd3];
            	ld.global.v2.f32	{%f1, %f2}, [%rd3];
            	cp.async.cg.shared.global [%r1], [%rd4], 16, %r2;
            	cp.async.ca.shared.global [%r1], [%rd4], 4;
            	st.shared.v4.f32	[%rd1], {%f1, %f2, %f3, %f4};
            """);
        Assert.That(facts, Is.EqualTo(new PtxFacts(4352 + 128, 3, HasLocalMemory: false, HasExternalFunctions: false)));
    }

    [TestCase(".local .align 4 .b8 array[16];", true, false)]
    [TestCase("ld.local.f32 %f1, [%rd1];", true, false)]
    [TestCase(".extern .func (.param .b32 r) fma_1(.param .b32 a);", false, true)]
    public void PTX_with_a_flaw_shows_it(string line, bool isLocal, bool isExternal)
    {
        PtxFacts facts = PtxFacts.Of(line);
        Assert.That((facts.HasLocalMemory, facts.HasExternalFunctions), Is.EqualTo((isLocal, isExternal)));
    }
}
