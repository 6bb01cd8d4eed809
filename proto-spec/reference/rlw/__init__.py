# SPDX-License-Identifier: Apache-2.0
"""RLW/1 in Python: a client of Reelwork, written from the pages in `proto-spec/` alone."""
