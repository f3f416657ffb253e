#!/bin/sh
# cmake/supported_dtypes.sh: the page "Supported dtypes" from the op table's program. Usage: supported_dtypes.sh PRESET
program=build/$1/tests/test_op_table
if [ -x "$program" ]; then
  exec "$program" --no-skip -tc="op table: print the support matrix" --out=/dev/null
fi
cat <<END
# Supported dtypes {#supported_dtypes}

The op table's program prints this page and was not built: \`make build\`, then \`make docs\` again.
END
