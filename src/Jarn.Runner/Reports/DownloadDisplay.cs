using Jarn.Runner.Data;

namespace Jarn.Runner.Reports;
