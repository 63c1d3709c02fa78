import type { PurposeAnswer } from '@steward/client/answers';
import type { Column } from '../../parts/data-table';
import { Go, pageOf } from '../../parts/go';
import { basisText, categoryText } from './purpose-words';

type NamedPurpose = Pick<PurposeAnswer, 'title' | 'lawfulBasis' | 'specialCategories'> & {
  readonly purpose: string;
};

/** What every list of purposes says first of each: its name, its basis, its special categories. */
export const purposeColumns = (project: string): readonly Column<NamedPurpose>[] => [
  {
    header: 'Purpose',
    cell: ({ purpose, title }) => <Go to={pageOf(project, 'records', 'purposes', purpose)}>{title}</Go>,
  },
  { header: 'Basis', cell: ({ lawfulBasis }) => basisText(lawfulBasis) },
  {
    header: 'Special categories',
    cell: ({ specialCategories }) => specialCategories.map(categoryText).join('; ') || 'none',
  },
];
