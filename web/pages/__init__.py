"""The pages, a module for each noun. Before any of their addresses is made, `int` in one is said to be what an id can be: nine digits, as the tables hold it.

More digits lead nowhere, like every address that there is not, instead of into a query that the database cannot take.
"""

from starlette.convertors import IntegerConvertor, register_url_convertor


class _Id(IntegerConvertor):
    regex = "[0-9]{1,9}"


register_url_convertor("int", _Id())
